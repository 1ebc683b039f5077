import Model
import Support
import Testing

@testable import Simulation

struct WeightLedgerTests {
    private let snapshot = SmallWorld().snapshot

    /// 50 : 50 in the fixture.
    private func worst(_ cells: [UInt16]) -> Double {
        var ledger = WeightLedger(workers: 2, cells: 3)
        return cells.reduce(0) {
            max($0, ledger.chose(CellID(rawValue: $1), worker: 1, snapshot, excluded: .none))
        }
    }

    @Test("turns that alternate are half a request off at most")
    func alternates() { #expect(worst([0, 1, 0, 1, 0, 1]) == 0.5) }

    @Test("what is not made up for adds up")
    func addsUp() { #expect(worst([0, 0, 0, 0, 0]) == 2.5) }

    @Test("a cell that has nothing but the excluded endpoint is not due anything")
    func excluded() {
        var world = SmallWorld()
        world.health[1] = .down
        let snapshot = world.snapshot
        var ledger = WeightLedger(workers: 1, cells: 3)
        for _ in 0..<10 {
            let off = ledger.chose(CellID(rawValue: 1), worker: 0, snapshot, excluded: EndpointID(rawValue: 0))
            #expect(off == 0)
        }
    }
}
