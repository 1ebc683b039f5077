import Glibc
import Policy
import Store
import Support
import Synchronization

@testable import Admin
@testable import ControlPlane

/// An edge that exists only for the admin API: four regions, whose shares follow weights and drains at once.
final class FakeEdge: AdminService {
    struct State {
        var generation: UInt64 = 412
        var weights: [String: Status.Setting] = [:]
        var dials: [String: Status.Setting] = [:]
        var drains: [Status.Drain] = []
        var events: [Status.Event] = []
        var audits: [Status.Audit] = []
        var callers: [String: Caller] = [:]
        var commands: [OperatorCommand] = []
        var details: [String] = []
        var asked: [ExplainRequest] = []
        var looks: UInt64 = 0
        var refusal: ChangeError?
        /// Of everything that an operator or a service names; nil: names as they are.
        var hostile: String?
        var listeners: [AsyncStream<Status.Event>.Continuation] = []
        /// By idempotency key.
        var answers: [String: StoredAnswer] = [:]
        /// Called within each change, and within each look at the state, before it is answered.
        var hold: @Sendable () async -> Void = {}
    }

    private let state = Mutex(State())

    /// Nil: its traffic goes on with every look at it.
    private let clock: ControlClock?

    init(clock: ControlClock? = nil) {
        self.clock = clock
        for (index, row) in FakeEdge.history.enumerated() { emit(row.0, row.1, row.2, at: 2 * index) }
    }

    func with<Result>(_ work: (inout State) -> Result) -> Result { state.withLock { work(&$0) } }

    static let history = [
        ("CONFIG_APPLIED", "edge.yaml", "4 regions, 9 cells, 5 routes"),
        ("CELL_UP", "use-a", "2 of 2 endpoints are up"),
        ("ENDPOINT_EJECTED", "use-b/10.1.2.12:7112", "5 answers in a row were 5xx"),
        ("REGION_UNFIT", "ap-south", "0 of 2 endpoints are up: connection refused"),
        ("REGION_FALLBACK", "orders/ap-south", "asked for ap-south, served by eu-west; 212 more in this second"),
        ("WEIGHT_CHANGED", "use-c", "20 % → 30 % by dana: canary looks good"),
    ]

    func emit(_ kind: String, _ subject: String, _ cause: String, at second: Int = 59) {
        let event = with { state in
            let time = "2026-11-21T03:1\(second / 60):\(second % 60 < 10 ? "0" : "")\(second % 60).204Z"
            let event = Status.Event(
                number: UInt64(state.events.count + 1), time: time, generation: state.generation, event: kind,
                subject: subject + (state.hostile ?? ""), cause: cause + (state.hostile ?? ""))
            state.events.append(event)
            return event
        }
        for listener in with({ $0.listeners }) { listener.yield(event) }
    }

    // MARK: What is

    func readiness() async -> AdminReadiness { .ready }
    func generations() async -> [UInt64] { with { [$0.generation] } }

    func status() async -> Status.Edge {
        let status = look()
        await with { $0.hold }()
        return status
    }

    private func look() -> Status.Edge {
        with { state in
            state.looks += 1
            let seconds = clock.map { Double($0.now().nanoseconds) / 1e9 } ?? Double(state.looks)
            // Waves of two lengths, so that a picture of it looks like traffic.
            let requests = UInt64(1_850 * seconds + 900 * sin(seconds / 7) + 260 * sin(seconds * 1.3))
            return Status.Edge(
                version: "1.2.3", edge: "edge-1" + (state.hostile ?? ""), region: "us-east",
                generation: state.generation, acknowledgedGenerations: [state.generation, state.generation],
                uptimeSeconds: 356_412, isReady: true, isDraining: false,
                totals: ["requests": requests, "responses_5xx": requests / 450, "exchanges_open": 214],
                events: state.events.suffix(20))
        }
    }

    static let places: [(region: String, jurisdiction: String, rtt: UInt64, cells: [(String, Int)])] = [
        ("us-east", "us", 640, [("use-a", 50), ("use-b", 30), ("use-c", 20)]),
        ("us-west", "us", 61_300, [("usw-a", 50), ("usw-b", 50)]),
        ("eu-west", "eu", 82_700, [("euw-a", 60), ("euw-b", 40)]),
        ("ap-south", "in", 0, [("aps-a", 50), ("aps-b", 50)]),
    ]

    func regions() async -> RegionList {
        with { state in
            let regions = FakeEdge.places.map { place in
                let isFit = place.region != "ap-south"
                let kept = state.dials[place.region].map { Double($0.percent) } ?? 100
                var region = Status.Region(
                    name: place.region, jurisdiction: place.jurisdiction, mode: isFit ? "active" : "standby",
                    isLocal: place.region == "us-east", isFit: isFit, isOpen: isFit && kept > 0,
                    cells: place.cells.map(\.0), endpointsUp: isFit ? 2 * place.cells.count : 0,
                    endpoints: 2 * place.cells.count, rttMicroseconds: place.rtt, keptPercent: kept,
                    isDialed: kept < 100, band: isFit ? [place.region] : [])
                region.dialSet = state.dials[place.region]
                return region
            }
            return RegionList(generation: state.generation, regions: regions)
        }
    }

    func cells() async -> CellList {
        with { state in
            let cells = FakeEdge.places.flatMap { place in
                let shares = FakeEdge.shares(place.cells, state)
                return place.cells.map { cell($0, place.region, place.rtt, share: shares[$0.0] ?? 0, state) }
            }
            return CellList(generation: state.generation, cells: cells)
        }
    }

    /// Percent: set cells have what they were given, the others share the rest, and a drained one has none.
    static func weights(_ cells: [(String, Int)], _ state: State) -> [String: Double] {
        let set = cells.filter { state.weights[$0.0] != nil }
        let free = cells.filter { state.weights[$0.0] == nil }
        let rest = 100 - set.reduce(0) { $0 + (state.weights[$1.0]?.percent ?? 0) }
        let sum = free.reduce(0) { $0 + $1.1 }
        var weights: [String: Double] = [:]
        for (name, _) in set { weights[name] = Double(state.weights[name]?.percent ?? 0) }
        for (name, weight) in free { weights[name] = Double(rest * weight) / Double(max(1, sum)) }
        return weights
    }

    static func shares(_ cells: [(String, Int)], _ state: State) -> [String: Double] {
        var shares = weights(cells, state)
        for (name, _) in cells {
            guard let drain = state.drains.last(where: { $0.target == name && $0.state != "ended" }) else { continue }
            shares[name] = (shares[name] ?? 0) * Double(drain.admissionPercent) / 100
        }
        let sum = shares.values.reduce(0, +)
        return sum > 0 ? shares.mapValues { $0 * 100 / sum } : shares
    }

    private func cell(
        _ place: (String, Int), _ region: String, _ rtt: UInt64, share: Double, _ state: State
    ) -> Status.Cell {
        let isUp = region != "ap-south"
        let hostile = state.hostile ?? ""
        let second = Status.Endpoint(
            address: "10.1.2.12:7112", health: !isUp ? "down" : place.0 == "use-b" ? "ejected" : "up",
            rttMicroseconds: isUp ? rtt + 90 : 0, lastFailure: isUp ? nil : "connection refused" + hostile,
            cause: place.0 == "use-b" ? "5 answers in a row were 5xx" + hostile : nil,
            ejectedForSeconds: place.0 == "use-b" ? 41 : nil)
        let first = Status.Endpoint(
            address: "10.1.2.11:7111", health: isUp ? "up" : "down", rttMicroseconds: isUp ? rtt : 0,
            lastFailure: isUp ? nil : "connection refused", warmthPercent: place.0 == "euw-a" ? 40 : nil)
        let weight = state.weights[place.0]?.percent ?? place.1
        var cell = Status.Cell(
            name: place.0, region: region, health: isUp ? "healthy" : "unhealthy", weightConfigured: place.1,
            weightEffective: weight, capacity: place.0 == "use-a" ? 2_000 : nil, rttMicroseconds: rtt,
            endpoints: [first, second])
        cell.share = Int(share * 100)
        cell.weightSet = state.weights[place.0]
        if isUp {
            cell.sessions = Int(share * 93)
            cell.requestsInFlight = Int(share)
            cell.requestsPerSecond = region == "us-east" ? share * 18.5 : share / 10
            cell.errorPercent = place.0 == "use-b" ? 0.8 : 0.02
        }
        return cell
    }

    func metrics() async -> MetricsReading { SmallReading.metrics }
    func datasets() async -> [Status.Dataset] { [] }

    func explain(_ request: ExplainRequest) async -> Status.Explanation {
        with { state in
            state.asked.append(request)
            let hostile = state.hostile ?? ""
            return Status.Explanation(
                generation: state.generation, route: "orders" + hostile, region: "us-east", cell: "use-a",
                endpoint: "10.1.2.11:7111", reason: "local_region", status: nil,
                stages: [
                    Status.Stage(
                        stage: 1, name: "Residency fence", left: ["us-east", "us-west"],
                        lost: [
                            Status.Candidate(
                                name: "eu-west", lost: "residency_denied",
                                why: "the tenant's data stays in us" + hostile)
                        ]),
                    Status.Stage(stage: 5, name: "Fitness", left: ["us-east", "us-west"], lost: []),
                    Status.Stage(
                        stage: 6, name: "Latency", left: ["us-east"],
                        lost: [Status.Candidate(name: "us-west", lost: "latency", why: "61 ms farther away")]),
                ],
                cells: [
                    Status.Candidate(name: "use-a", lost: nil, why: nil),
                    Status.Candidate(name: "use-b", lost: "weight", why: "not its turn"),
                ],
                endpoints: [Status.Candidate(name: "10.1.2.11:7111", lost: nil, why: nil)],
                text: "goes to us-east / use-a" + hostile)
        }
    }
}
