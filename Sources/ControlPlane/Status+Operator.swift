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

        /// Requests of the target that have begun and not ended, over all workers; absent: not asked for.
        public var requestsInFlight: Int?
        /// It wants somebody's eye: held, or past its deadline with requests still open, or expired and not yet back.
        public var isOverdue = false

        /// Nothing changes any more unless somebody asks for it: it is back, or held, or out and its last request has
        /// ended, on every worker. Where nobody has counted its requests, it is not known to be.
        public var isSettled: Bool {
            isApplied && (state == "held" || state == "ended" || state == "drained" && requestsInFlight == 0)
        }
    }

    /// What a change moves, or would move.
    public struct Change: Codable, Equatable, Sendable {
        /// Of the snapshot in force: with a change, the one that carries it out.
        public var generation: UInt64
        /// Nothing was changed: it was only asked.
        public var dryRun: Bool
        /// Shares once all steps are done; only those that change.
        public var moves: [Move]
        /// Of a dry run: what the last minute's requests would have met; absent otherwise.
        public var whatIf: WhatIf?
        /// Of a drain's dry run: sessions that would move.
        public var sessions: [SessionMove]?
        /// Of a drain's dry run: the refusals that `force` would pass over, with their numbers; empty: it is safe.
        public var safety: [String]?
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
