import Testing

@testable import ControlPlane

struct LagReadingTests {
    static let lengths: [(UInt64, String)] = [
        (0, "0 ms"), (999, "999 ms"), (1_000, "1.0 s"), (9_999, "9.9 s"), (12_345, "12 s"), (185_000, "3 m 5 s"),
        (8_040_000, "2 h 14 m"),
    ]

    @Test("lengths of time in as few words as say it", arguments: lengths)
    func words(milliseconds: UInt64, expected: String) {
        #expect(LagReading.words(milliseconds: milliseconds) == expected)
    }

    @Test("tiers begin where the bounds say")
    func tiers() {
        let bounds = LagBounds()
        let edges: [UInt64] = [0, 999, 1_000, 4_999, 5_000, 29_999, 30_000, .max]
        #expect(
            edges.map { "\(bounds.tier(milliseconds: $0))" }
                == ["fresh", "fresh", "near", "near", "stale", "stale", "broken", "broken"])
        #expect(LagTier.allCases.sorted() == LagTier.allCases)
    }
}
