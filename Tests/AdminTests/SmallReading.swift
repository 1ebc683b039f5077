import Model
import Store
import Support

@testable import Admin
@testable import ControlPlane

/// What an edge of `Configuration.small` might show, with numbers that are easy to find again.
enum SmallReading {
    static var regions: RegionList {
        var here = Status.Region(
            name: "us-east", jurisdiction: "us", mode: "active", isLocal: true, isFit: true, isOpen: true,
            cells: ["use-a", "use-b"], endpointsUp: 3, endpoints: 4, rttMicroseconds: 450)
        var there = Status.Region(
            name: "eu-west", jurisdiction: "eu", mode: "active", isLocal: false, isFit: false, isOpen: false,
            cells: ["euw-a"], endpointsUp: 0, endpoints: 1, rttMicroseconds: 0)
        here.replication = [copy("orders", "us-east", lag: 0, "fresh"), copy("carts", "us-east", lag: nil, "broken")]
        there.replication = [
            copy("orders", "eu-west", lag: 6_200, "stale"), copy("carts", "eu-west", lag: 900, "near"),
        ]
        there.replication[1].lagAsOfLoss = true
        return RegionList(generation: 7, regions: [here, there])
    }

    static func copy(_ dataset: String, _ region: String, lag: UInt64?, _ tier: String) -> Status.Replication {
        Status.Replication(
            dataset: dataset, region: region, lagMilliseconds: lag, tier: tier, isUnknown: lag == nil,
            position: "16/B374D848", cause: lag == nil ? "silent for 3 reads: refused" : nil)
    }

    static var cells: CellList {
        CellList(
            generation: 7,
            cells: [
                cell(
                    "use-a", "us-east", "healthy", weight: 50, [("127.0.0.1:7101", "up"), ("127.0.0.1:7102", "down")]),
                cell("use-b", "us-east", "healthy", weight: 50, [("127.0.0.1:7103", "up"), ("127.0.0.1:7104", "up")]),
                cell("euw-a", "eu-west", "unknown", weight: 100, [("127.0.0.1:7105", "unknown")]),
            ])
    }

    private static func cell(
        _ name: String, _ region: String, _ health: String, weight: Int, _ endpoints: [(String, String)]
    ) -> Status.Cell {
        let endpoints = endpoints.map { address, health in
            Status.Endpoint(
                address: address, health: health, rttMicroseconds: health == "up" ? 450 : 0,
                lastFailure: health == "down" ? "connection refused" : nil)
        }
        var cell = Status.Cell(
            name: name, region: region, health: health, weightConfigured: weight, weightEffective: weight,
            capacity: name == "use-a" ? 20_000 : nil, rttMicroseconds: health == "unknown" ? 0 : 450,
            endpoints: endpoints)
        cell.share = weight * 100
        (cell.sessions, cell.requestsInFlight) = (weight * 10, weight / 10)
        return cell
    }

    static var drains: DrainList {
        func drain(_ id: UInt32, _ target: String, kind: String, state: String, admission: Int) -> Status.Drain {
            Status.Drain(
                id: id, target: target, kind: kind, mode: "ramp", state: state, reason: "deploy 42", who: "ann",
                startedAt: "2026-01-02T03:04:05Z", expiresAt: "2026-01-02T15:04:05Z", overMilliseconds: 30_000,
                admissionPercent: admission, sessionsMovedPercent: 0, resetsStreams: false, generation: 7)
        }
        var held = drain(3, "eu-west", kind: "region", state: "held", admission: 25)
        held.isOverdue = true
        return DrainList(
            generation: 7,
            drains: [
                drain(1, "use-b", kind: "cell", state: "ended", admission: 100),
                drain(2, "use-a", kind: "cell", state: "ramping", admission: 63), held,
            ])
    }

    static var certificates: [Status.Certificate] {
        [
            Status.Certificate(
                listener: "public", subject: "CN=localhost", names: ["localhost"], notAfter: "2027-01-02T03:04:05Z",
                secondsLeft: 31_536_000)
        ]
    }

    static var status: Status.Edge {
        Status.Edge(
            version: "1.2.3", edge: "edge-1", region: "us-east", generation: 7, acknowledgedGenerations: [7, 6],
            uptimeSeconds: 61, isReady: true, isDraining: false, totals: ["requests": 12, "responses_2xx": 11],
            events: [
                Status.Event(
                    number: 1,
                    time: "2026-01-02T03:04:05.006Z", generation: 6, event: "ENDPOINT_EJECTED",
                    subject: "use-a/127.0.0.1:7102", cause: "connection refused")
            ])
    }

    static var metrics: MetricsReading {
        MetricsReading(
            version: "1.2.3", startedAtMicroseconds: 1_700_000_000_250_000, isReady: true, isDraining: false,
            generation: 7, acknowledgedGenerations: [7, .max], workers: [worker(1), worker(10)], records: records,
            names: LogNames(snapshot: SmallWorld().snapshot, listeners: ["public"]), regions: regions.regions,
            cells: cells.cells, drains: drains.drains, certificates: certificates,
            events: [.endpointEjected: 1, .regionFallback: 3],
            losses: MetricsReading.Losses(events: 4, auditEntries: 5, logLines: 6), isStoreWritable: false,
            process: ProcessReading(
                cpuMicroseconds: 1_640_000, residentBytes: 4_096, openDescriptors: 26, maxDescriptors: 20_000),
            store: StoreSize(bytes: 8_192, auditEntries: 12))
    }

    private static func worker(_ factor: UInt64) -> WorkerCounters {
        var counters = WorkerCounters()
        (counters.connectionsAccepted, counters.connectionsClosed) = (4 * factor, 3 * factor)
        (counters.requests, counters.ticks) = (12 * factor, 100 * factor)
        counters.responses = (0, 11 * factor, 0, 0, factor)
        (counters.localResponses, counters.retries) = (factor, 2 * factor)
        (counters.bytesIn, counters.bytesOut) = (1_000 * factor, 2_000 * factor)
        (counters.exchangesOpen, counters.bufferedBytes) = (factor, 64 * factor)
        return counters
    }

    private static var records: RecordReader.Statistics {
        var histograms = LatencyHistograms()
        let served = LatencyHistograms.Key(
            route: RouteID(rawValue: 0), region: RegionID(rawValue: 0), cell: CellID(rawValue: 1))
        for microseconds in [400, 500, 501, 30_000, 20_000_000] as [UInt32] {
            histograms.add(served, microseconds: microseconds)
        }
        histograms.add(
            LatencyHistograms.Key(route: RouteID(rawValue: 0), region: .none, cell: .none), microseconds: 10)
        return RecordReader.Statistics(
            dropped: 1, malformed: 0, logged: 6, writeFailures: 0, fallbacksSuppressed: 2, histograms: histograms)
    }
}
