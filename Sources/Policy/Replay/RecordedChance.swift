public import Model

/// Where a decision came out once, by the ids of the snapshot over which it is made again; `.none` for what is no
/// longer there. Wherever stages leave a choice to turns or to random words, this is all that is known of it.
public struct RecordedChance: Equatable, Sendable, BitwiseCopyable {
    /// What the record leaves open follows from it, the same each time; another one for each request.
    public var seed: UInt64
    public var region = RegionID.none
    public var cell = CellID.none
    public var endpoint = EndpointID.none
    /// Regions whose turn it was and that let the request go, and the first of them.
    public var letGo = RegionSet.empty
    public var nearest = RegionID.none
    public init(seed: UInt64) { self.seed = seed }
}
