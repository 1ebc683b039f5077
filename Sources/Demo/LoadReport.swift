/// What a load generator's client saw in some time. A plain value; reports of several times or generators add up.
public struct LoadReport: Equatable, Sendable {
    /// Requests begun; sending one again is not another.
    public var sent = 0
    /// Requests that got a whole answer, and no failure.
    public var answered = 0
    /// Of all whole answers, failures too.
    public var statuses: [Int: Int] = [:]
    /// Who answered (failures left out), by the endpoint's own word (`x-demo-…`), else by the edge's (`x-portolan-…`).
    public var regions: [String: Int] = [:]
    public var cells: [String: Int] = [:]
    public var endpoints: [String: Int] = [:]
    /// The edge's reason codes.
    public var reasons: [String: Int] = [:]
    /// Why requests failed: no whole answer, a status of 400 or more, or an edge that names another cell than answered.
    public var failures: [String: Int] = [:]
    /// Requests that a connection gave back unserved (GOAWAY, REFUSED_STREAM, no connection) and that were sent again.
    public var resent = 0
    /// GOAWAYs received.
    public var goaways = 0
    /// From the instant a request was due to its answer's end; of answered requests.
    public var latency = LatencyHistogram()

    public init() {}

    public var failed: Int { failures.values.reduce(0, +) }

    public mutating func merge(_ other: LoadReport) {
        sent += other.sent
        answered += other.answered
        resent += other.resent
        goaways += other.goaways
        statuses.merge(other.statuses, uniquingKeysWith: +)
        regions.merge(other.regions, uniquingKeysWith: +)
        cells.merge(other.cells, uniquingKeysWith: +)
        endpoints.merge(other.endpoints, uniquingKeysWith: +)
        reasons.merge(other.reasons, uniquingKeysWith: +)
        failures.merge(other.failures, uniquingKeysWith: +)
        latency.merge(other.latency)
    }

    mutating func record(_ answer: LoadAnswer, microseconds: UInt64) {
        statuses[answer.status, default: 0] += 1
        if let failure = answer.failure {
            failures[failure, default: 0] += 1
            return
        }
        answered += 1
        latency.record(microseconds: microseconds)
        if let region = answer.demoRegion ?? answer.edgeRegion { regions[region, default: 0] += 1 }
        if let cell = answer.demoCell ?? answer.edgeCell { cells[cell, default: 0] += 1 }
        if let endpoint = answer.endpoint { endpoints[endpoint, default: 0] += 1 }
        if let reason = answer.reason { reasons[reason, default: 0] += 1 }
    }
}
