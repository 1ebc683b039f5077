import ControlPlane
import Model
import Support
import Synchronization
import Testing

@testable import Admin

struct GlimpseKeeperTests {
    /// How many gatherings are at their beginning at once.
    private final class Crowd: Sendable {
        let state = Mutex((now: 0, most: 0))

        func pass(_ yields: Int) async {
            state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            for _ in 0..<yields { await Task.yield() }
            state.withLock { $0.now -= 1 }
        }
    }

    /// Replay: PORTOLAN_SEED=<seed>.
    @Test("whoever looks again sees what was changed before, all share a gathering, and there are never two at once")
    func shares() async throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<30 {
            let (edge, crowd) = (FakeEdge(), Crowd())
            let browser = Browser(edge)
            let keeper = browser.dashboard.keeper
            edge.with { $0.hold = { await crowd.pass(3) } }
            let steps = (0..<40).map { _ in random.next() % 4 }
            let missed = await withTaskGroup(of: Int.self) { group in
                for step in steps {
                    group.addTask {
                        let before = edge.with { state in
                            if step == 0 { state.generation += 1 }
                            return state.generation
                        }
                        if step == 1 { browser.wait(milliseconds: GlimpseKeeper.freshMilliseconds) }
                        if step < 2 { return await keeper.lookAgain().status.generation < before ? 1 : 0 }
                        _ = await keeper.look()
                        return 0
                    }
                }
                return await group.reduce(0, +)
            }
            let (looks, last) = (edge.with { $0.looks }, edge.with { $0.generation })
            try #require(missed == 0, "seed \(random.seed), round \(round)")
            try #require(crowd.state.withLock { $0.most } == 1, "seed \(random.seed), round \(round)")
            try #require(looks < steps.count, "\(looks) looks, seed \(random.seed), round \(round)")
            try #require(await keeper.lookAgain().status.generation == last)
        }
    }
}
