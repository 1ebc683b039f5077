import Model
import Policy
import Support
import Testing

struct EndpointStageTests {
    static func world(_ endpoints: [SnapshotFixture.Endpoint]) -> SnapshotFixture {
        SnapshotFixture(local: "us", [.region("us", [.cell("a", endpoints)])])
    }

    static func counts(_ ask: Ask, _ requests: Int, excluded: EndpointID = .none) -> [Int] {
        var counts = Array(repeating: 0, count: ask.snapshot.endpoints.count)
        for _ in 0..<requests {
            let decision = ask(excluded: excluded)
            if !decision.isRefused { counts[decision.endpoint.index] += 1 }
        }
        return counts
    }

    @Test("only what is up is chosen, and all of it")
    func available() {
        let counts = EndpointStageTests.counts(Ask(EndpointStageTests.world([.up, .down, .up, .unknown, .up])), 300)
        #expect(counts[1] == 0 && counts[3] == 0)
        for index in [0, 2, 4] { #expect((60...140).contains(counts[index])) }
    }

    @Test("the excluded endpoint is never chosen, wherever it stands, and the rest evenly", arguments: 0..<4)
    func excluded(place: Int) {
        let ask = Ask(EndpointStageTests.world([.up, .up, .up, .up]))
        let counts = EndpointStageTests.counts(ask, 600, excluded: EndpointID(rawValue: UInt32(place)))
        for index in 0..<4 { #expect(index == place ? counts[index] == 0 : (140...260).contains(counts[index])) }
    }

    @Test("an excluded id that stands for nothing here excludes nothing")
    func unknownExclusion() {
        let counts = EndpointStageTests.counts(
            Ask(EndpointStageTests.world([.up])), 5, excluded: EndpointID(rawValue: 9))
        #expect(counts == [5])
    }

    @Test("of two equally fast ones the less loaded gets every request")
    func load() {
        let ask = Ask(EndpointStageTests.world([.up, .up]))
        ask.began(EndpointID(rawValue: 0))
        #expect(EndpointStageTests.counts(ask, 50) == [0, 50])
        ask.ended(EndpointID(rawValue: 0), milliseconds: nil)
        ask.began(EndpointID(rawValue: 1))
        #expect(EndpointStageTests.counts(ask, 50) == [50, 0])
        #expect(ask.inFlight(EndpointID(rawValue: 0)) == 0 && ask.inFlight(EndpointID(rawValue: 1)) == 1)
    }

    @Test("load × latency: three requests on a fast one weigh less than one on a slow one")
    func latency() {
        let (fast, slow) = (EndpointID(rawValue: 0), EndpointID(rawValue: 1))
        let ask = Ask(EndpointStageTests.world([.up, .up]))
        measure(ask, fast, 10)
        #expect(EndpointStageTests.counts(ask, 200)[0] > 50, "nothing is known of the other: load alone counts")
        measure(ask, slow, 50)
        #expect(EndpointStageTests.counts(ask, 50) == [50, 0])
        for _ in 0..<3 { ask.began(fast) }
        #expect(EndpointStageTests.counts(ask, 50) == [50, 0])
        for _ in 0..<2 { ask.began(fast) }
        #expect(EndpointStageTests.counts(ask, 50) == [0, 50])
    }

    @Test("a latency follows new answers within some ten seconds, and fades when nobody measures")
    func latencyAges() {
        let (a, b) = (EndpointID(rawValue: 0), EndpointID(rawValue: 1))
        let ask = Ask(EndpointStageTests.world([.up, .up]))
        measure(ask, a, 10)
        measure(ask, b, 100)
        for _ in 0..<400 {
            pass(ask, milliseconds: 100)
            measure(ask, a, 10)
            measure(ask, b, 1)
        }
        #expect(EndpointStageTests.counts(ask, 50) == [0, 50])
        measure(ask, b, 2_000)
        pass(ask, milliseconds: 60_000)
        measure(ask, a, 10)
        pass(ask, milliseconds: 60_000 * 60)
        measure(ask, a, 10)
        #expect(EndpointStageTests.counts(ask, 50)[1] == 50, "an hour on, the slow one is worth another try")
    }

    @Test("a recovered one takes as many of the turns it wins as it is warm", arguments: [10, 50, 100])
    func slowStart(warmth: Int) {
        var world = EndpointStageTests.world([.up, .up, .up, .up])
        world["a"].endpoints[2].warmth = warmth
        let counts = EndpointStageTests.counts(Ask(world), 4_000)
        #expect(abs(counts[2] - 10 * warmth) < 100, "\(counts)")
        world["a"].endpoints = [world["a"].endpoints[2]]
        #expect(EndpointStageTests.counts(Ask(world), 50) == [50], "alone it takes all")
    }

    @Test("loads outlive a snapshot, and new endpoints come with none")
    func overSnapshots() {
        let ask = Ask(EndpointStageTests.world([.up, .up]))
        ask.began(EndpointID(rawValue: 0))
        ask.world["a"].endpoints.append(.up)
        ask.publish()
        #expect(EndpointStageTests.counts(ask, 300)[0] == 0)
        #expect(ask.inFlight(EndpointID(rawValue: 0)) == 1 && ask.inFlight(EndpointID(rawValue: 2)) == 0)
    }

    private func measure(_ ask: Ask, _ endpoint: EndpointID, _ milliseconds: UInt64) {
        ask.began(endpoint)
        ask.ended(endpoint, milliseconds: milliseconds)
    }

    /// Time reaches the state with a decision.
    private func pass(_ ask: Ask, milliseconds: UInt64) {
        ask.now = ask.now.advanced(milliseconds: milliseconds)
        _ = ask()
    }
}
