import Model
import Testing

@testable import Simulation

struct TraceTests {
    let scene: Scene

    init() throws { scene = try Scene(BuiltInWorld.configuration) }

    @Test("what is written reads back the same", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var schedule = Campaign().schedule(scene, seed: seed)
        let trace = Trace(scene)
        #expect(try trace.schedule(from: trace.text(of: schedule)) == schedule)
        let traffic = Traffic(scene, Dice(seed: seed))
        schedule.visits = Array(traffic.visits(before: 60_000, schedule.rushes))
        #expect(try trace.schedule(from: trace.text(of: schedule)) == schedule)
    }

    static let broken = [
        "fault crash nowhere at 1.000 for 2.000", "fault gremlins edge at 1.000 for 2.000", "seed x", "length 1.5",
        "operator 1.000 polish us-east-a", "visit 1.000 GET route=none", "rush 1.000 for", "hello",
        "length 99999999999999999", "length 1000000001", "length 18446744073709551.999",
        "fault crash edge at 18446744073709551.000 for 1.000", "rush 1.000 for 1.000 rate 18446744073709551615",
    ]

    @Test("a line that cannot be read is told with its number", arguments: broken)
    func mistakes(line: String) {
        #expect(throws: Trace.Mistake(line: 2, text: "cannot be read: \(line)")) {
            try Trace(scene).schedule(from: "seed 1\n\(line)\n")
        }
    }

    @Test("times are seconds with three decimals")
    func seconds() {
        #expect(Trace.seconds(1_005) == "1.005")
        #expect(Trace.milliseconds("1.005") == 1_005)
        #expect(Trace.milliseconds("7") == 7_000)
        #expect(Trace.milliseconds("1000000000.999") == 1_000_000_000_999)
        #expect(Trace.milliseconds("1000000001") == nil && Trace.milliseconds("18446744073709551615") == nil)
        #expect(Trace.milliseconds("-1.000") == nil)
    }
}
