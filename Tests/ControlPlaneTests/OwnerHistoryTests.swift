import Model
import Support
import Testing

@testable import ControlPlane

struct OwnerHistoryTests {
    private static func time(_ seconds: Double) -> LoopTime { LoopTime(nanoseconds: UInt64(seconds * 1e9)) }
    private static func position(_ number: UInt64) throws -> Position { try Position("\(number)") }

    static let rows: [(UInt64, Double?)] = [(9, nil), (10, 1), (15, 1.5), (20, 3), (21, 3), (30, 10), (99, 10)]

    @Test("the newest time, between reads that followed each other by their even movement", arguments: rows)
    func newest(position: UInt64, expected: Double?) throws {
        var history = OwnerHistory(staleMilliseconds: 30_000)
        for (seconds, number) in [(1.0, 10), (2.0, 20), (3.0, 20), (10.0, 30)] {
            history.append(try Self.position(UInt64(number)), at: Self.time(seconds))
        }
        #expect(try history.newest(atMost: Self.position(position)) == expected.map(Self.time))
        #expect(history.began == Self.time(1))
    }

    /// Beside all readings there ever were: never a later time than was true, never earlier by more than one step, and
    /// a bounded number of entries. Replay: PORTOLAN_SEED=<seed>.
    @Test(arguments: [UInt64(30_000), 121_000, 3_600_000, 86_400_000])
    func besideAllReadings(stale: UInt64) throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        var history = OwnerHistory(staleMilliseconds: stale)
        var all: [(time: UInt64, number: UInt64)] = []
        var (now, number): (UInt64, UInt64) = (5_000, 1)
        let coarse = max(1_000, (history.spanMilliseconds - 120_000) / OwnerHistory.coarseCount)
        for round in 0..<(stale > 1_000_000 ? 200_000 : 3_000) {
            let note = Comment(rawValue: "seed \(random.seed), stale \(stale), round \(round)")
            now += 1_000
            if random.next(below: 3) > 0 { number += UInt64(random.next(below: 1_000)) }
            all.append((now, number))
            history.append(try Self.position(number), at: LoopTime(nanoseconds: now * 1_000_000))
            guard round % 97 == 0 else { continue }
            try #require(history.count <= 121 + Int(OwnerHistory.coarseCount) + 2, note)
            let asked = all[Int(random.next(below: UInt32(all.count)))]
            let at = all.lastIndex { $0.number <= asked.number } ?? 0
            let (low, high) = (all[at].time, at + 1 < all.count ? all[at + 1].time : all[at].time)
            let found = try history.newest(atMost: Self.position(asked.number)).map { $0.nanoseconds / 1_000_000 }
            let age = now - low
            if age <= 120_000 {
                let time = try #require(found, note)
                try #require(low <= time && time <= high, note)
            } else if age + coarse < history.spanMilliseconds {
                let time = try #require(found, note)
                try #require(time <= high && time + coarse + 1_000 >= low, note)
            } else if let time = found {
                try #require(time <= high, note)
            }
        }
    }
}
