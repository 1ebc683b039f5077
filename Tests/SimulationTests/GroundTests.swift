import Model
import Testing

@testable import Simulation

struct GroundTests {
    let scene: Scene

    init() throws { scene = try Scene(BuiltInWorld.configuration) }

    private var ground: Ground { Ground(scene, Dice(seed: 1)) }

    static let fates: [(FaultKind, Ground.ProbeFate, Ground.SendFate, Ground.AnswerFate)] = [
        (.crash, .refused, .refused, .reset), (.hang, .lost, .arrives, .none), (.slow, .answered, .arrives, .success),
        (.lyingUp, .answered, .arrives, .failure), (.lyingDown, .failed, .arrives, .success),
    ]

    @Test("what a fault does to probes and to requests", arguments: fates)
    func endpoint(kind: FaultKind, probe: Ground.ProbeFate, send: Ground.SendFate, answer: Ground.AnswerFate) {
        var ground = ground
        ground.turn(kind, endpoint: 3, isOn: true, now: 10)
        #expect(ground.probe(3, now: 20) == probe)
        #expect(ground.send(3, now: 20) == send)
        #expect(ground.answer(3, now: 20, luck: 0) == answer)
        #expect(ground.probe(4, now: 20) == .answered)
        ground.turn(kind, endpoint: 3, isOn: false, now: 30)
        #expect(ground.probe(3, now: 40) == .answered)
        #expect(ground.isSound(3, since: 30) && !ground.isSound(3, since: 29))
    }

    @Test("a cut on the way to a region takes all that stands there, in one direction or the other")
    func region() {
        for (kind, send) in [(FaultKind.cutOut, Ground.SendFate.lost), (.cutBack, .arrives)] {
            var ground = ground
            ground.turn(kind, region: 1, isOn: true, now: 5)
            for index in ground.endpoints.indices where ground.endpoints[index].region == 1 {
                #expect(ground.probe(index, now: 6) == .lost)
                #expect(ground.send(index, now: 6) == send)
                #expect(ground.answer(index, now: 6, luck: 0) == .none)
            }
            #expect(ground.probe(0, now: 6) == .answered)
        }
    }

    @Test("overlapping faults end when the last one does")
    func overlap() {
        var ground = ground
        ground.turn(.crash, endpoint: 0, isOn: true, now: 1)
        ground.turn(.crash, endpoint: 0, isOn: true, now: 2)
        ground.turn(.crash, endpoint: 0, isOn: false, now: 3)
        #expect(ground.probe(0, now: 4) == .refused)
        ground.turn(.crash, endpoint: 0, isOn: false, now: 5)
        #expect(ground.probe(0, now: 6) == .answered)
        #expect(ground.endpoints[0].epoch == 2)
    }

    @Test("three requests in ten are lost to a lossy endpoint")
    func lossy() {
        var ground = ground
        ground.turn(.lossy, endpoint: 0, isOn: true, now: 1)
        let failed = (0..<1_000 as Range<UInt64>).count { ground.answer(0, now: 2, luck: $0) != .success }
        #expect(failed == 300)
        #expect(ground.probe(0, now: 2) == .answered)
    }
}
