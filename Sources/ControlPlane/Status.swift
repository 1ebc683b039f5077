/// What the admin API and the command line show; the names of the properties, in snake case, are the JSON's.
public enum Status {
    /// `GET /v1/status`.
    public struct Edge: Codable, Equatable, Sendable {
        public var version: String
        public var edge: String
        public var region: String
        /// Of the snapshot in force.
        public var generation: UInt64
        /// Per worker; the smallest is what has been applied everywhere.
        public var acknowledgedGenerations: [UInt64]
        public var uptimeSeconds: UInt64
        public var isReady: Bool
        public var isDraining: Bool
        /// Counters by name, summed over the workers.
        public var totals: [String: UInt64]
        /// The latest events, oldest first.
        public var events: [Event]

        public init(
            version: String, edge: String, region: String, generation: UInt64, acknowledgedGenerations: [UInt64],
            uptimeSeconds: UInt64, isReady: Bool, isDraining: Bool, totals: [String: UInt64], events: [Event]
        ) {
            (self.version, self.edge, self.region) = (version, edge, region)
            (self.generation, self.acknowledgedGenerations) = (generation, acknowledgedGenerations)
            (self.uptimeSeconds, self.isReady, self.isDraining) = (uptimeSeconds, isReady, isDraining)
            (self.totals, self.events) = (totals, events)
        }
    }

    /// One event.
    public struct Event: Codable, Equatable, Sendable {
        /// RFC 3339.
        public var time: String
        /// Grows by one with each event, over restarts too: what `?since=` takes.
        public var number: UInt64
        public var generation: UInt64
        public var event: String
        public var subject: String
        public var cause: String
        public init(
            number: UInt64, time: String, generation: UInt64, event: String, subject: String, cause: String
        ) {
            (self.number, self.time, self.generation, self.event) = (number, time, generation, event)
            (self.subject, self.cause) = (subject, cause)
        }
    }

    /// One of `GET /v1/regions`.
    public struct Region: Codable, Equatable, Sendable {
        public var name: String
        public var jurisdiction: String
        /// `active` or `standby`.
        public var mode: String
        public var isLocal: Bool
        /// It can serve, and it takes new work (routing.md).
        public var isFit: Bool
        public var isOpen: Bool
        public var cells: [String]
        public var endpointsUp: Int
        public var endpoints: Int
        /// Smoothed over probes and requests; 0 before the first answer.
        public var rttMicroseconds: UInt64
        /// Of the requests that choose it by latency it keeps so many percent; the rest go to the next region.
        public var keptPercent: Double
        /// It is a dial or a drain that lets go of the rest, not its health.
        public var isDialed: Bool
        /// The regions that count as equally near when this one is the nearest; itself among them.
        public var band: [String]
        /// Absent: the dial is not set, and all is kept but what drains and health let go.
        public var dialSet: Setting?
        /// How its drain goes, in words; absent without one.
        public var drain: String?
        /// Of the datasets whose position here is read, in the file's order.
        public var replication: [Replication] = []

        public init(
            name: String, jurisdiction: String, mode: String, isLocal: Bool, isFit: Bool, isOpen: Bool, cells: [String],
            endpointsUp: Int, endpoints: Int, rttMicroseconds: UInt64, keptPercent: Double = 100,
            isDialed: Bool = false, band: [String] = []
        ) {
            (self.keptPercent, self.isDialed, self.band) = (keptPercent, isDialed, band)
            (self.name, self.jurisdiction, self.mode, self.isLocal) = (name, jurisdiction, mode, isLocal)
            (self.isFit, self.isOpen, self.cells) = (isFit, isOpen, cells)
            (self.endpointsUp, self.endpoints, self.rttMicroseconds) = (endpointsUp, endpoints, rttMicroseconds)
        }
    }

    /// One of `GET /v1/cells`.
    public struct Cell: Codable, Equatable, Sendable {
        public var name: String
        public var region: String
        /// `healthy` while half of its endpoints are up, else `unhealthy`, or `unknown` before the first probes.
        public var health: String
        /// Whole percents of its region's traffic: as the file says, and in force.
        public var weightConfigured: Int
        public var weightEffective: Int
        /// Of its region's new work as drains leave it, in 10,000ths.
        public var share = 0
        /// How its drain, or its region's, goes, in words; absent without one.
        public var drain: String?
        /// Requests a second; absent where the file does not say.
        public var capacity: Int?
        public var rttMicroseconds: UInt64
        public var endpoints: [Endpoint]
        /// Producers held, as of some seconds ago.
        public var sessions: Int?
        /// Absent: the file's weight holds.
        public var weightSet: Setting?
        /// Requests that have begun and not ended, over all workers.
        public var requestsInFlight: Int?
        public var requestsPerSecond: Double?
        /// Of those requests.
        public var errorPercent: Double?

        public init(
            name: String, region: String, health: String, weightConfigured: Int, weightEffective: Int, capacity: Int?,
            rttMicroseconds: UInt64, endpoints: [Endpoint]
        ) {
            (self.name, self.region, self.health) = (name, region, health)
            (self.weightConfigured, self.weightEffective) = (weightConfigured, weightEffective)
            (self.capacity, self.rttMicroseconds, self.endpoints) = (capacity, rttMicroseconds, endpoints)
        }
    }

    /// One endpoint of a cell.
    public struct Endpoint: Codable, Equatable, Sendable {
        public var address: String
        /// `up`, `down`, `ejected` (probes find it up, requests did not) or `unknown`.
        public var health: String
        /// Smoothed over probes and requests; 0 before the first answer.
        public var rttMicroseconds: UInt64
        /// Why its last failed probe failed; absent when none did.
        public var lastFailure: String?
        /// Why it is what it is, where probes are not the reason: an operator's word, or what requests met.
        public var cause: String?
        /// Until the ejection is over; absent when it is not ejected.
        public var ejectedForSeconds: UInt64?
        /// The share of its turns that it takes while it warms up; absent when it takes them all.
        public var warmthPercent: Int?

        public init(
            address: String, health: String, rttMicroseconds: UInt64, lastFailure: String?, cause: String? = nil,
            ejectedForSeconds: UInt64? = nil, warmthPercent: Int? = nil
        ) {
            (self.cause, self.ejectedForSeconds, self.warmthPercent) = (cause, ejectedForSeconds, warmthPercent)
            (self.address, self.health) = (address, health)
            (self.rttMicroseconds, self.lastFailure) = (rttMicroseconds, lastFailure)
        }
    }
}
