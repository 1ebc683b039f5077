import Model
import Testing

@testable import Policy

struct SpillTests {
    /// Cells as share in 10,000ths and endpoints' health (u, d, ?); what the region keeps, and whether it is fit.
    static let rows: [(cells: [(UInt16, String)], kept: UInt16?, isFit: Bool?)] = [
        ([(10_000, "uuuu")], 10_000, true),
        ([(10_000, "uudd")], 10_000, true),  // half is healthy
        ([(10_000, "uddd")], 0, false),
        ([(5_000, "u"), (5_000, "d")], 7_000, true),  // 1.4 × 50 %
        ([(6_000, "d"), (4_000, "u")], 5_600, false),  // 1.4 × 40 %
        ([(2_900, "d"), (7_100, "u")], 9_940, true),
        ([(2_800, "d"), (7_200, "u")], 10_000, true),
        ([(10_000, "u"), (0, "d")], 10_000, true),  // drained: in neither sum
        ([(0, "u"), (0, "d")], nil, nil),
        ([(10_000, "??")], nil, nil),
        ([(4_000, "u"), (6_000, "?")], 10_000, nil),  // 56 or 100 %
        ([(5_000, "u"), (5_000, "?")], 10_000, true),  // 70 or 100 %
        ([(7_000, "u"), (3_000, "?")], 10_000, true),
        ([(4_000, "u"), (3_000, "?"), (3_000, "d")], 8_000, nil),
    ]

    @Test("what a region keeps", arguments: rows.indices)
    func keeps(row: Int) {
        let (cells, kept, isFit) = Self.rows[row]
        let rules = Configuration.SpillRules()
        var spill = Spill()
        for (share, health) in cells {
            let states = health.map { $0 == "u" ? HealthState.up : $0 == "d" ? .down : .unknown }
            spill.add(share: share, HealthTally(states), rules)
        }
        #expect(spill.keptShare(rules) == kept)
        #expect(spill.isFit(rules) == isFit)
    }
}
