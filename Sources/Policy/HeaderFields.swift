public import Model

/// Header fields of a request as an array that somebody else owns, valid while the call it was passed to runs.
public struct HeaderFields: BitwiseCopyable {
    public struct Field: BitwiseCopyable {
        /// Lower case.
        public var name: ByteView
        public var value: ByteView
        @inlinable public init(name: ByteView, value: ByteView) { (self.name, self.value) = (name, value) }
    }

    public let base: UnsafePointer<Field>?
    public let count: Int
    @inlinable public static var none: HeaderFields { HeaderFields(base: nil, count: 0) }

    @inlinable public init(base: UnsafePointer<Field>?, count: Int) { (self.base, self.count) = (base, count) }
    @inlinable public subscript(index: Int) -> Field { base.unsafelyUnwrapped[index] }

    /// A field of that name stands there with that value; an empty `value` means any.
    @inlinable public func contains(_ name: ByteView, _ value: ByteView) -> Bool {
        for index in 0..<count where self[index].name.equals(name) {
            if value.isEmpty || self[index].value.equals(value) { return true }
        }
        return false
    }
}
