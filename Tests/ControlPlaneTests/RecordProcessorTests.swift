import Model
import Support
import Testing

@testable import ControlPlane

struct RecordProcessorTests {
    private typealias Row = (
        kind: RequestRecord.Kind, reason: Reason, region: RegionID, event: EventKind, cause: String
    )
    private static let (us, eu) = (RegionID(rawValue: 0), RegionID(rawValue: 1))
    private static let rows: [Row] = [
        (
            .regionFallback, .regionFallback, us, .regionFallback,
            "x-region asked for eu-west, which takes no requests now; us-east serves"
        ),
        (.misroute, .homeRegion, eu, .misroute, "a tenant at home in eu-west came here; forwarded to eu-west"),
        (.misroute, .misroute, .none, .misroute, "a tenant at home in eu-west came here; sent back"),
        (.misroute, .ownerUnhealthy, .none, .misroute, "a tenant at home in eu-west came here; turned away"),
        (
            .residencyDenied, .residencyDenied, .none, .residencyDenied,
            "no region of the jurisdictions that the tenant's data may be in is configured"
        ),
        (
            .residencyDenied, .residencyViolation, us, .residencyDenied,
            "a request was on its way out of its tenant's fence to us-east and was stopped: a bug"
        ),
    ]

    private func take(_ records: [RequestRecord]) -> (
        occurrences: [RecordProcessor.Occurrence], owners: [OwnerLearned]
    ) {
        let names = LogNames(snapshot: SmallWorld().snapshot, listeners: ["public"])
        var processor = RecordProcessor(names: names, sample: nil, seed: 1)
        for record in records { withUnsafeBytes(of: record) { processor.take($0) } }
        var spare = LineBuffer()
        return processor.takeOutput(&spare)
    }

    private func record(_ row: Row, second: UInt64 = 1) -> RequestRecord {
        var record = RequestRecord()
        (record.kind, record.reason, record.region) = (row.kind, row.reason, row.region)
        (record.route, record.wantedRegion, record.generation) = (RouteID(rawValue: 0), RecordProcessorTests.eu, 1)
        record.startedAt = second * 1_000_000_000
        return record
    }

    @Test("what moves a tenant is told once a second, with what was only counted", arguments: rows.indices)
    func tells(index: Int) {
        let row = RecordProcessorTests.rows[index]
        let told = take([record(row), record(row), record(row), record(row, second: 2)]).occurrences
        #expect(told.map(\.cause) == [row.cause, "\(row.cause); 2 more since the event before"])
        #expect(told.allSatisfy { $0.kind == row.event && $0.subject == "default/eu-west" })
    }

    private func names(_ datasets: [String], generation: UInt64) -> LogNames {
        var world = SnapshotFixture(
            local: "us", [.region("us", [.cell("a", [.up])]), .region("eu", [.cell("b", [.up])])])
        world.datasets = datasets.map { .dataset($0, owner: "us") }
        world.routes = datasets.indices.map { index in
            var route = world.routes[0]
            route.dataset = index
            return route
        }
        return LogNames(snapshot: world.snapshot(generation: generation), listeners: [])
    }

    /// The generation and route in the record, the name handed on; nil: nothing is.
    static let datasets: [(generation: UInt64, route: UInt16, name: String?)] = [
        (9, 0, "carts"), (9, 1, "orders"), (5, 0, "orders"), (5, 1, "carts"), (8, 1, "carts"), (4, 0, nil), (9, 2, nil),
        (9, .max, nil),
    ]
    @Test("an owner's dataset has the name it had in the record's configuration", arguments: datasets)
    func handsOwnersOn(row: (generation: UInt64, route: UInt16, name: String?)) {
        var processor = RecordProcessor(names: names(["old"], generation: 1), sample: nil, seed: 1)
        processor.adopt(names(["orders", "carts"], generation: 5))
        processor.adopt(names(["carts", "orders"], generation: 9))
        var record = RequestRecord()
        (record.kind, record.region, record.epoch) = (.ownerLearned, RecordProcessorTests.eu, 9)
        (record.generation, record.route) = (row.generation, RouteID(rawValue: row.route))
        withUnsafeBytes(of: record) { processor.take($0) }
        let expected = row.name.map { [OwnerLearned(dataset: $0, owner: RecordProcessorTests.eu, epoch: 9)] } ?? []
        #expect(processor.owners == expected)
    }
}
