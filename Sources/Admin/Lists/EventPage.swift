public import ControlPlane

/// `GET /v1/events` as JSON.
public struct EventPage: Codable, Equatable, Sendable {
    /// Oldest first.
    public var events: [Status.Event]
    /// What `?since=` takes to go on; absent when there were no more yet.
    public var next: UInt64?
    public init(events: [Status.Event], next: UInt64? = nil) { (self.events, self.next) = (events, next) }
}
