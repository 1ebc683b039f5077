/// The rules of routing.md that have numbers, with the page's numbers as defaults. Times are milliseconds.
extension Configuration {
    /// `outliers:` — when real requests eject an endpoint (routing.md, Health: passive).
    public struct Outliers: Equatable, Sendable {
        public var isEnabled = true
        /// 5xx answers or connection failures in a row that eject. 1–1,000.
        public var consecutiveFailures = 5
        /// Success below this share of the window's requests ejects. 0–100; 0: never.
        public var successPercent = 80
        public var windowMilliseconds: UInt64 = 10_000
        /// Requests in the window below which its share says nothing.
        public var minRequests = 20
        /// Length of the first ejection; the second is twice as long, and so on up to the longest.
        public var ejectionMilliseconds: UInt64 = 30_000
        public var maxEjectionMilliseconds: UInt64 = 300_000
        /// Share of a cell's endpoints that may be ejected at once. 0–100.
        public var maxEjectedPercent = 50
        /// So many times slower than its siblings' median counts as failing. 0: never.
        public var slowFactor = 20
        /// A recovered endpoint takes its full share after this.
        public var slowStartMilliseconds: UInt64 = 30_000
        /// Where it begins.
        public var slowStartPercent = 10
        public init() {}
    }

    /// `latency:` — which regions count as equally near (routing.md, Latency).
    public struct LatencyRules: Equatable, Sendable {
        /// The band: within the larger of the two of the nearest.
        public var bandFloorMilliseconds: UInt64 = 20
        public var bandPercent = 15
        /// A region leaves after so many windows outside of it, and is held at least as long as the dwell.
        public var windowMilliseconds: UInt64 = 10_000
        public var windows = 3
        public var dwellMilliseconds: UInt64 = 60_000
        /// Time constants of the smoothed round trips.
        public var regionSmoothingMilliseconds: UInt64 = 30_000
        public var endpointSmoothingMilliseconds: UInt64 = 10_000
        public init() {}
    }

    /// `spill:` — how much an ill region keeps (routing.md, Health).
    public struct SpillRules: Equatable, Sendable {
        /// Share of a cell's endpoints from which on it is healthy. 1–100.
        public var healthyPercent = 50
        /// A region keeps this share of its healthy share, in percent: 140 is 1.4 times.
        public var overprovisioningPercent = 140
        /// Below it the region is announced as unfit.
        public var unfitPercent = 60
        public init() {}
    }

    /// `drains:` — how a cell or region is emptied and filled again (routing.md, Weights, drains, sessions).
    public struct DrainRules: Equatable, Sendable {
        /// New sessions and unkeyed requests go from all to none over this.
        public var overMilliseconds: UInt64 = 30_000
        /// Then existing sessions follow over this.
        public var sessionsMilliseconds: UInt64 = 90_000
        /// Streams still open so long after the start are reset.
        public var deadlineMilliseconds: UInt64 = 180_000
        public var expiryMilliseconds: UInt64 = 43_200_000
        /// Percents of the cell's share on the way back, and how long each is held.
        public var undrainSteps = [1, 5, 25, 100]
        public var undrainHoldMilliseconds: UInt64 = 30_000
        public init() {}
    }

    /// `retries:` — how much may be sent a second time (routing.md, Retries).
    public struct RetryRules: Equatable, Sendable {
        /// Retries that requests earn, in percent of them.
        public var budgetPercent = 20
        /// And so many a second whatever the load.
        public var minPerSecond = 3
        public var rescueSpreadMilliseconds: UInt64 = 200
        public init() {}
    }
}
