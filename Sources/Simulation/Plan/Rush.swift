/// For a while many more requests come than usual.
public struct Rush: Equatable, Sendable {
    /// Milliseconds since the simulation's start.
    public var start: UInt64
    public var milliseconds: UInt64
    /// Requests a second.
    public var rate: UInt64
}
