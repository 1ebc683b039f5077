public import Model

/// One change that moves traffic (routing.md, Events).
public struct Event: Equatable, Sendable {
    public typealias Kind = EventKind

    /// Position in the edge's history, from 1 without gaps, over restarts too.
    public let number: UInt64
    /// Nanoseconds since 1970.
    public let time: UInt64
    /// The snapshot that carries the change out, or was in force when it was seen.
    public let generation: UInt64
    public let kind: Kind
    /// What changed: a cell, a region, `cell/endpoint`, `route/region`, a file.
    public let subject: String
    /// Why, in words for an operator.
    public let cause: String
}
