import Model
import Support
import Testing

@testable import Policy

struct WakeQueueTests {
    @Test func alwaysKnowsTheEarliest() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<200 {
            let count = 1 + Int(random.next(below: 40))
            var alarms = [LoopTime](repeating: .zero, count: count)
            var queue = WakeQueue(count: count, at: .zero)
            for _ in 0..<200 {
                let owner = Int(random.next(below: UInt32(count)))
                alarms[owner] = LoopTime(nanoseconds: UInt64(random.next(below: 50)))
                queue.set(owner, at: alarms[owner])
                let first = try #require(queue.first)
                try #require(first.at == alarms.min(), "seed \(random.seed), round \(round)")
                try #require(alarms[first.owner] == first.at, "seed \(random.seed), round \(round)")
            }
        }
        #expect(WakeQueue(count: 0, at: .zero).first == nil)
    }
}
