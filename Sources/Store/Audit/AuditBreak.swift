/// The first place where an audit log is not what was written.
public struct AuditBreak: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Reason: Equatable, Sendable {
        /// Another number stands where this one belongs: entries were removed, put in or moved.
        case gap(found: UInt64)
        /// It does not name the entry before it: that one was replaced, or this one belongs to another log.
        case previousDiffers
        /// Something in it was changed.
        case hashDiffers
        /// The log ends before it, though it was longer once.
        case truncated(head: UInt64)
        /// It fits in itself, but another entry had this number when it was noted: the log was written anew.
        case headDiffers
    }

    /// Of the entry that does not fit, or is missing.
    public let number: UInt64
    public let reason: Reason

    public init(number: UInt64, _ reason: Reason) { (self.number, self.reason) = (number, reason) }

    public var description: String {
        switch reason {
        case .gap(let found): "entry \(number) is missing: \(found) stands in its place"
        case .previousDiffers: "entry \(number) does not follow the one before it: that one was replaced or removed"
        case .hashDiffers: "entry \(number) was changed: its hash is not that of its contents"
        case .truncated(let head): "entry \(number) is missing: the log was cut, and reached \(head) before"
        case .headDiffers: "entry \(number) is not the one that was noted: the log was written anew"
        }
    }
}
