/// One change that moves traffic (routing.md, Events).
public struct Event: Equatable, Sendable {
    /// The names are fixed: dashboards and scripts match on them. Kinds of later features come with those.
    public enum Kind: String, Sendable, CaseIterable {
        case regionFallback = "REGION_FALLBACK"
        case cellDown = "CELL_DOWN"
        case cellUp = "CELL_UP"
        case regionUnfit = "REGION_UNFIT"
        case regionFit = "REGION_FIT"
        case endpointEjected = "ENDPOINT_EJECTED"
        case endpointReturned = "ENDPOINT_RETURNED"
        case configApplied = "CONFIG_APPLIED"
        case configRejected = "CONFIG_REJECTED"
    }

    /// Position in the process's history, from 1 without gaps.
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
