import Model
import Support
import Testing

@testable import Simulation

struct EventQueueTests {
    /// Replay: PORTOLAN_SEED=<seed>.
    @Test("events come out by time, whatever the order they go in")
    func sorts() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<200 {
            var queue = EventQueue(capacity: 4)
            let times = (0..<Int(random.next(below: 60))).map { _ in UInt64(random.next(below: 50)) }
            for time in times { queue.push(Event(time: time, kind: .observe)) }
            let out = times.map { _ in queue.pop().time }
            try #require(out == times.sorted(), "seed \(random.seed), round \(round)")
            try #require(queue.firstTime == .max, "seed \(random.seed), round \(round)")
        }
    }

    @Test("what the process sees waits while it stands still, what the world does goes on")
    func kinds() {
        let world: [Event.Kind] = [.faultBegins, .faultEnds, .requestArrives]
        let process: [Event.Kind] = [.probeEnds, .visit, .command, .answer, .timeout, .again, .observe]
        #expect(world.allSatisfy { !$0.isOfProcess })
        #expect(process.allSatisfy { $0.isOfProcess })
    }
}
