public import Model

/// What the trusted tenant header says, which may stand in a head more than once.
public struct TenantField: BitwiseCopyable {
    /// The last one's value; absent: there is none.
    public private(set) var name = ByteView.absent
    /// They do not say the same.
    public private(set) var isAmbiguous = false
    public init() {}

    /// Another one; one without a value names nobody and is not passed on.
    public mutating func add(_ value: ByteView) {
        if value.isEmpty { return }
        if !name.isAbsent, !name.equals(value) { isAmbiguous = true }
        name = value
    }
}
