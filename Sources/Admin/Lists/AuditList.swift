public import ControlPlane

/// `GET /v1/audit`.
public struct AuditList: Codable, Equatable, Sendable {
    /// With `?after=` oldest first, otherwise newest first.
    public var entries: [Status.Audit]
    /// What `?after=`, or `?before=`, takes to go on in the same direction; absent at the end.
    public var next: UInt64?
    public init(entries: [Status.Audit], next: UInt64? = nil) { (self.entries, self.next) = (entries, next) }
}
