import Model
import Support
import Testing

@testable import Policy

struct ReplayStateTests {
    /// Snapshots with what no builder makes, too. Replay: PORTOLAN_SEED=<seed>.
    @Test("a decision over the same snapshot is the same, whatever world and request")
    func sameAgain() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<300 {
            let snapshot = RandomWorld.world(&random).snapshot()
            var state = DecisionState(seed: random.next())
            state.prepare(for: snapshot)
            var replay = ReplayState()
            replay.prepare(for: snapshot)
            let former = FormerShares(snapshot)
            for _ in 0..<60 {
                var facts = RandomWorld.facts(snapshot, &random)
                facts.excluded = .none
                let route = Policy.route(of: facts, snapshot)
                let decision = decide(facts, route: route, snapshot, &state, now: .zero)
                if decision.endpoint != .none { state.began(decision.endpoint) }
                var chance = RecordedChance(seed: random.next())
                (chance.region, chance.cell) = (decision.region, decision.cell)
                (chance.endpoint, chance.letGo, chance.nearest) = (decision.endpoint, decision.letGo, decision.nearest)
                let again = replay.decide(facts, route: route, snapshot, chance: chance, former: former)
                try #require(again == decision, "seed \(random.seed), round \(round)")
            }
        }
    }

    @Test("a generator begins with the word that it is made for")
    func firstWord() {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for word in [0, 1, .max] + (0..<1_000).map({ _ in random.next() }) {
            var generator = SplitMix64(first: word)
            #expect(generator.next() == word)
        }
    }
}
