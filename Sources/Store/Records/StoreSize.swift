/// What a store has grown to.
public struct StoreSize: Equatable, Sendable {
    /// Of its files on the disk.
    public var bytes: UInt64
    /// Entries of the audit log, which only grows.
    public var auditEntries: UInt64
    public init(bytes: UInt64, auditEntries: UInt64) { (self.bytes, self.auditEntries) = (bytes, auditEntries) }
}
