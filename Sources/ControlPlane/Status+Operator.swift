/// What operators asked for, as the admin API and the command line show it.
extension Status {
    /// One of `GET /v1/drains`.
    public struct Drain: Codable, Equatable, Sendable {
        public var id: UInt32
        /// Name of the cell or region.
        public var target: String
        /// `cell` or `region`.
        public var kind: String
        /// `ramp` or `now`.
        public var mode: String
        /// `ramping`, `moving` (sessions leave), `drained`, `undraining`, `held` or `ended`.
        public var state: String
        public var reason: String
        public var who: String
        /// RFC 3339.
        public var startedAt: String
        public var expiresAt: String
        public var overMilliseconds: UInt64
        /// Of the target's share of new work, whole percent.
        public var admissionPercent: Int
        /// Of its sessions that have been told to leave, whole percent.
        public var sessionsMovedPercent: Int
        /// Streams still open to it are reset.
        public var resetsStreams: Bool
        /// Of the snapshot in force when this was said.
        public var generation: UInt64
        /// Every worker goes by that snapshot.
        public var isApplied = false

        /// Nothing changes any more unless somebody asks for it: it is out, back, or held, on every worker.
        public var isSettled: Bool { isApplied && ["drained", "held", "ended"].contains(state) }
    }

    /// What a change moves, or would move.
    public struct Change: Codable, Equatable, Sendable {
        /// Of the snapshot in force: with a change, the one that carries it out.
        public var generation: UInt64
        /// Nothing was changed: it was only asked.
        public var dryRun: Bool
        /// Shares once all steps are done; only those that change.
        public var moves: [Move]
        public init(generation: UInt64, dryRun: Bool, moves: [Move]) {
            (self.generation, self.dryRun, self.moves) = (generation, dryRun, moves)
        }
    }

    /// One cell's share of its region's new work; without a cell, what the region keeps of the requests choosing it.
    public struct Move: Codable, Equatable, Sendable {
        public var region: String
        public var cell: String?
        /// Percent, in hundredths.
        public var beforePercent: Double
        public var afterPercent: Double
        public init(region: String, cell: String?, beforePercent: Double, afterPercent: Double) {
            (self.region, self.cell) = (region, cell)
            (self.beforePercent, self.afterPercent) = (beforePercent, afterPercent)
        }
    }
}
