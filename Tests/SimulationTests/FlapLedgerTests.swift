import Model
import Testing

@testable import Simulation

struct FlapLedgerTests {
    private func snapshot(_ order: [UInt16], band: UInt64 = 1) -> Snapshot {
        var parts = SnapshotParts()
        parts.regions = [RegionEntry(), RegionEntry()]
        parts.regions[0].band = RegionSet(bits: band)
        parts.order = order.map { RegionID(rawValue: $0) }
        return Snapshot(parts, generation: 1)
    }

    @Test("places may change as often as the dwell allows, and a first word is no change")
    func order() {
        var ledger = FlapLedger(regions: 2, dwellNanoseconds: 60)
        let steps: [([UInt16], UInt64, Bool)] = [
            ([0, 1], 1, false), ([1, 0], 2, false), ([0, 1], 100, false), ([1, 0], 160, false), ([0, 1], 219, true),
            ([1, 0], 279, false),
        ]
        for (order, now, isFlap) in steps {
            #expect((ledger.update(snapshot(order), now: now) != nil) == isFlap, "at \(now)")
        }
    }

    @Test("so may bands")
    func bands() {
        var ledger = FlapLedger(regions: 2, dwellNanoseconds: 60)
        let steps: [(UInt64, UInt64, Bool)] = [(1, 1, false), (3, 2, false), (1, 100, false), (3, 159, true)]
        for (band, now, isFlap) in steps {
            #expect((ledger.update(snapshot([0, 1], band: band), now: now) != nil) == isFlap, "at \(now)")
        }
    }
}
