/// What a record keeps of a decision so that it can be made again: what it went by beyond the request's texts, and
/// where it came out, which is all that chance had to say.
public struct DecisionRecord: Equatable, Sendable, BitwiseCopyable {
    /// Of the snapshot; 0: the edge answered before anything was decided.
    public var generation: UInt64 = 0
    /// The `KeyHash`; meaningful with `isKeyed`.
    public var key: UInt64 = 0
    /// Regions whose turn it was and that let the request go.
    public var letGo = RegionSet.empty
    /// `.none`, as region and cell, for a refusal.
    public var endpoint = EndpointID.none
    /// Where its session was held before.
    public var hold = SessionHold.none
    public var region = RegionID.none
    public var cell = CellID.none
    /// The first of `letGo`.
    public var nearest = RegionID.none
    public var reason = Reason.weight
    public var isKeyed = false
    public init() {}
}
