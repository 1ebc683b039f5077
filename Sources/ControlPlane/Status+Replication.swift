/// What the admin API shows of replication lag.
extension Status {
    /// How far a region's copy of a dataset is behind the dataset's owner. Positions are read once a second.
    public struct Replication: Codable, Equatable, Sendable {
        public var dataset: String
        public var region: String
        /// Absent: it is not known.
        public var lagMilliseconds: UInt64?
        /// `fresh`, `near`, `stale` or `broken`: worse at once, better when it has held for three readings.
        public var tier: String
        /// It counts as broken.
        public var isUnknown: Bool
        /// The owner is silent: so far was the copy behind when it was last heard of.
        public var lagAsOfLoss: Bool
        /// As the copy last said; absent before it said anything.
        public var position: String?
        /// Why the lag is not known; absent where it is.
        public var cause: String?

        public init(
            dataset: String, region: String, lagMilliseconds: UInt64?, tier: String, isUnknown: Bool = false,
            lagAsOfLoss: Bool = false, position: String? = nil, cause: String? = nil
        ) {
            (self.dataset, self.region, self.lagMilliseconds) = (dataset, region, lagMilliseconds)
            (self.tier, self.isUnknown, self.lagAsOfLoss) = (tier, isUnknown, lagAsOfLoss)
            (self.position, self.cause) = (position, cause)
        }

        /// `1.2 s`, `unknown`.
        public var lagWords: String { lagMilliseconds.map(LagReading.words) ?? "unknown" }

        /// 0 for `fresh` to 3 for `broken`.
        public var tierNumber: UInt8 {
            (LagTier.allCases.first { "\($0)" == tier } ?? .broken).rawValue
        }

        /// The greater, the worse.
        fileprivate var badness: (UInt8, Int, UInt64) { (tierNumber, isUnknown ? 1 : 0, lagMilliseconds ?? 0) }
    }
}

extension Status.Replication {
    init(_ reading: LagReading, dataset: String, region: String) {
        self.init(
            dataset: dataset, region: region, lagMilliseconds: reading.milliseconds, tier: "\(reading.tier)",
            isUnknown: reading.isUnknown, lagAsOfLoss: reading.isAsOfLoss,
            position: reading.position.map(\.description), cause: reading.cause)
    }
}

extension Status.Region {
    /// Of the datasets that are measured here, the one that is worst off; nil: none is.
    public var worstReplication: Status.Replication? {
        replication.max { $0.badness < $1.badness }
    }
}
