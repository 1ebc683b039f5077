public import ControlPlane
public import Model
public import Store

/// All that the metrics page shows, at one moment.
public struct MetricsReading: Sendable {
    public var version: String
    /// Since 1970.
    public var startedAtMicroseconds: UInt64
    public var isReady: Bool
    public var isDraining: Bool
    /// Of the snapshot in force.
    public var generation: UInt64
    /// Per worker.
    public var acknowledgedGenerations: [UInt64]
    /// Per worker; empty while they cannot be had.
    public var workers: [WorkerCounters]
    public var records: RecordReader.Statistics
    /// The names behind the ids in `records`.
    public var names: LogNames
    public var regions: [Status.Region]
    public var cells: [Status.Cell]
    public var drains: [Status.Drain]
    /// Of the listeners and the admin API.
    public var certificates: [Status.Certificate]
    public var events: [Event.Kind: UInt64]
    public var process: ProcessReading
    /// Nil: it is in memory, or cannot be asked.
    public var store: StoreSize?
    /// Refusals that the audit log only counted.
    public var refusalsUnrecorded: UInt64

    public init(
        version: String, startedAtMicroseconds: UInt64, isReady: Bool, isDraining: Bool, generation: UInt64,
        acknowledgedGenerations: [UInt64], workers: [WorkerCounters], records: RecordReader.Statistics,
        names: LogNames, regions: [Status.Region], cells: [Status.Cell], drains: [Status.Drain] = [],
        certificates: [Status.Certificate] = [], events: [Event.Kind: UInt64], process: ProcessReading,
        store: StoreSize? = nil, refusalsUnrecorded: UInt64 = 0
    ) {
        (self.version, self.startedAtMicroseconds, self.isReady) = (version, startedAtMicroseconds, isReady)
        (self.isDraining, self.generation, self.acknowledgedGenerations) =
            (isDraining, generation, acknowledgedGenerations)
        (self.workers, self.records, self.names) = (workers, records, names)
        (self.regions, self.cells, self.events, self.process) = (regions, cells, events, process)
        (self.drains, self.certificates) = (drains, certificates)
        (self.store, self.refusalsUnrecorded) = (store, refusalsUnrecorded)
    }
}
