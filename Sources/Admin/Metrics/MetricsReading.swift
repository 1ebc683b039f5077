public import ControlPlane
public import Model
public import Store

/// All that the metrics page shows, at one moment.
public struct MetricsReading: Sendable {
    /// What should have been kept or told and was not, since the start.
    public struct Losses: Sendable {
        public var events: UInt64
        public var auditEntries: UInt64
        public var logLines: UInt64
        public init(events: UInt64 = 0, auditEntries: UInt64 = 0, logLines: UInt64 = 0) {
            (self.events, self.auditEntries, self.logLines) = (events, auditEntries, logLines)
        }
    }

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
    public var losses: Losses
    /// The store took the last change that it was given.
    public var isStoreWritable: Bool
    public var process: ProcessReading
    /// Nil: it is in memory, or cannot be asked.
    public var store: StoreSize?

    public init(
        version: String, startedAtMicroseconds: UInt64, isReady: Bool, isDraining: Bool, generation: UInt64,
        acknowledgedGenerations: [UInt64], workers: [WorkerCounters], records: RecordReader.Statistics,
        names: LogNames, regions: [Status.Region], cells: [Status.Cell], drains: [Status.Drain] = [],
        certificates: [Status.Certificate] = [], events: [Event.Kind: UInt64], losses: Losses = Losses(),
        isStoreWritable: Bool = true, process: ProcessReading, store: StoreSize? = nil
    ) {
        (self.version, self.startedAtMicroseconds, self.isReady) = (version, startedAtMicroseconds, isReady)
        (self.isDraining, self.generation, self.acknowledgedGenerations) =
            (isDraining, generation, acknowledgedGenerations)
        (self.workers, self.records, self.names) = (workers, records, names)
        (self.regions, self.cells, self.events, self.process) = (regions, cells, events, process)
        (self.drains, self.certificates) = (drains, certificates)
        (self.losses, self.isStoreWritable, self.store) = (losses, isStoreWritable, store)
    }
}
