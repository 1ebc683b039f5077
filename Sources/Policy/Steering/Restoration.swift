/// What an edge begins with that an earlier process of it left; as it stands, nothing.
public struct Restoration: Equatable, Sendable {
    /// Of the first snapshot: greater than any the earlier one had.
    public var generation: UInt64 = 1
    public var intent = DurableIntent()
    /// Owners learnt since the configuration was written, by dataset.
    public var owners: [String: LearntOwner] = [:]
    /// Operators' pins of tenants over the file's.
    public var pins: [OperatorPin] = []
    public init() {}
}

/// Who owns a dataset, where the edge knows more than its configuration says.
public struct LearntOwner: Equatable, Sendable {
    /// By name: it may be one that the configuration does not have now.
    public var region: String
    /// Only grows.
    public var epoch: UInt64
    public init(region: String, epoch: UInt64) { (self.region, self.epoch) = (region, epoch) }
}
