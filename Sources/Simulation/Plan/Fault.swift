/// What a fault strikes; numbers are the ids of the world's registry.
public enum FaultTarget: Equatable, Sendable {
    case endpoint(Int)
    case cell(Int)
    case region(Int)
    case edge
}

/// One fault: it begins, lasts and ends.
public struct Fault: Equatable, Sendable {
    public var kind: FaultKind
    public var target: FaultTarget
    /// Milliseconds since the simulation's start.
    public var start: UInt64
    public var milliseconds: UInt64

    public init(_ kind: FaultKind, _ target: FaultTarget, start: UInt64, milliseconds: UInt64) {
        (self.kind, self.target, self.start, self.milliseconds) = (kind, target, start, milliseconds)
    }
}
