import Model
import Testing

@testable import ControlPlane

struct MigrationTallyTests {
    private func moved(_ from: UInt16, _ to: UInt16, second: UInt64, byDrain: Bool = false) -> RequestRecord {
        var record = RequestRecord()
        (record.kind, record.startedAt, record.generation) = (.sessionMoved, second * 1_000_000_000 + 7, second)
        (record.movedFrom, record.cell) = (CellID(rawValue: from), CellID(rawValue: to))
        record.isMovedByDrain = byDrain
        return record
    }

    @Test("one event for each pair of cells, cause and second")
    func tells() {
        var tally = MigrationTally()
        for record in [
            moved(1, 2, second: 5), moved(1, 2, second: 5), moved(1, 3, second: 5), moved(1, 2, second: 6),
            moved(1, 3, second: 5, byDrain: true),
        ] { tally.add(record) }
        #expect(tally.take(before: 5).isEmpty, "the second is not over")
        let told = tally.take(before: 6)
        #expect(told.map(\.count.sessions).sorted() == [1, 1, 2])
        #expect(told[0].move == .init(second: 5, from: .init(rawValue: 1), to: .init(rawValue: 2), isByDrain: false))
        #expect(told.filter(\.move.isByDrain).count == 1)
        #expect(tally.take(before: .max).map(\.count.sessions) == [1])
        #expect(tally.take(before: .max).isEmpty)
    }
}
