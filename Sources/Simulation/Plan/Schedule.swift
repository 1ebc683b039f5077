/// All that happens to a world from outside: enough, with the configuration, to run it again.
public struct Schedule: Equatable, Sendable {
    public var seed: UInt64
    /// How long the simulation runs.
    public var milliseconds: UInt64
    public var faults: [Fault] = []
    public var operations: [Operation] = []
    public var rushes: [Rush] = []
    /// Nil: drawn from the seed, one request a second and those of the rushes.
    public var visits: [Visit]?

    public init(seed: UInt64, milliseconds: UInt64) { (self.seed, self.milliseconds) = (seed, milliseconds) }

    /// Events in it; of visits that were not listed, none.
    public var count: Int { faults.count + operations.count + rushes.count + (visits?.count ?? 0) }
}
