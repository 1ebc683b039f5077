/// A fixed array outside ARC: reading an element retains nothing. Its owner (`Snapshot`) frees it.
public struct Table<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    @usableFromInline let base: UnsafeMutablePointer<Element>
    public let count: Int

    public init(copying elements: [Element]) {
        base = UnsafeMutablePointer.allocate(capacity: max(1, elements.count))
        count = elements.count
        elements.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { base.initialize(from: start, count: source.count) }
        }
    }

    @inlinable public subscript(index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an id from another world")
        return base[index]
    }

    @inlinable public var indices: Range<Int> { 0..<count }
    func deallocate() { base.deallocate() }
}

/// A run of elements of one of the snapshot's lists.
public struct TableRange: Equatable, Sendable, BitwiseCopyable {
    public let start: UInt32
    public let count: UInt32
    @inlinable public static var empty: TableRange { TableRange(start: 0, count: 0) }
    @inlinable public init(start: Int, count: Int) {
        self.start = UInt32(start)
        self.count = UInt32(count)
    }
    @inlinable public var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
    @inlinable public var isEmpty: Bool { count == 0 }
}
