/// A look at bytes that somebody else owns: valid only while the call it was passed to runs.
///
/// It stands where `Span<UInt8>` would, because it may be stored in a struct of request facts.
public struct ByteView: BitwiseCopyable {
    public let base: UnsafePointer<UInt8>?
    public let count: Int
    /// No value at all (a missing header), as against an empty one.
    public static var absent: ByteView { ByteView(base: nil, count: 0) }

    @inlinable public init(base: UnsafePointer<UInt8>?, count: Int) {
        self.base = base
        self.count = count
    }

    @inlinable public init(_ bytes: UnsafeRawBufferPointer) {
        self.init(base: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }

    /// For literals: `ByteView("x-region")`. The bytes live as long as the process.
    @inlinable public init(_ literal: StaticString) {
        self.init(base: literal.utf8Start, count: literal.utf8CodeUnitCount)
    }

    @inlinable public var isAbsent: Bool { base == nil }
    @inlinable public var isEmpty: Bool { count == 0 }
    @inlinable public subscript(index: Int) -> UInt8 { base.unsafelyUnwrapped[index] }
    @inlinable public var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// The first `count` bytes, or all there are.
    @inlinable public func prefix(_ count: Int) -> ByteView { ByteView(base: base, count: min(count, self.count)) }

    /// Without the first `count` bytes; empty when there are fewer.
    @inlinable public func dropFirst(_ count: Int) -> ByteView {
        let skipped = min(count, self.count)
        return ByteView(base: base.map { $0 + skipped }, count: self.count - skipped)
    }

    /// The same bytes. Compared in words that overlap at the end: names of header fields are rarely longer than two.
    @inlinable public func equals(_ other: ByteView) -> Bool {
        guard count == other.count else { return false }
        guard count >= 8 else {
            for index in 0..<count where self[index] != other[index] { return false }
            return true
        }
        var offset = 0
        while offset < count - 8 {
            if word(at: offset) != other.word(at: offset) { return false }
            offset += 8
        }
        return word(at: count - 8) == other.word(at: count - 8)
    }

    @inlinable func word(at offset: Int) -> UInt64 {
        UnsafeRawPointer(base.unsafelyUnwrapped).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Equal when ASCII letters are folded; `other` must be lower case already.
    @inlinable public func equalsIgnoringCase(lowercase other: ByteView) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where ByteView.lowercased(self[index]) != other[index] { return false }
        return true
    }

    @inlinable public func hasPrefix(_ other: ByteView) -> Bool {
        count >= other.count && prefix(other.count).equals(other)
    }

    @inlinable public static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    /// The position of the first `byte`, or nil.
    @inlinable public func firstIndex(of byte: UInt8) -> Int? {
        for index in 0..<count where self[index] == byte { return index }
        return nil
    }

    /// A copy as text, invalid UTF-8 repaired: for logs, messages and tests, never on the request path.
    public var text: String { String(decoding: raw, as: UTF8.self) }
}
