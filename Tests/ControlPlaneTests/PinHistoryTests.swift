import Model
import Support
import Testing

@testable import ControlPlane

struct PinHistoryTests {
    static func pin(_ tenant: String, _ home: String) -> Configuration.Pin {
        Configuration.Pin(tenant: tenant, home: home, residency: [])
    }

    @Test("an order of pins is no change, and none at all is told by 0")
    func order() {
        var history = PinHistory()
        #expect(history.adopt([], generation: 4) == 0 && history.pins(at: 0) == [])
        let pins = [PinHistoryTests.pin("a", "us"), PinHistoryTests.pin("b", "us")]
        #expect(history.adopt(pins, generation: 5) == 5 && history.adopt(pins.reversed(), generation: 6) == 5)
        #expect(history.adopt([pins[1]], generation: 7) == 7 && history.pins(at: 5) == pins)
        #expect(history.pins(at: 6) == nil && history.pins(at: 8) == nil && history.pins(at: 0) == [])
    }

    /// Whoever is told the lines, a part at a time and from anew with each file, knows every state that there was.
    /// Replay: PORTOLAN_SEED=<seed>.
    @Test func whatIsToldIsKnown() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let seed = random.seed
        var (writer, pins, reader) = (PinHistory(), [Configuration.Pin](), PinHistory())
        var (states, told): ([UInt64: [Configuration.Pin]], UInt64?) = ([:], nil)
        for generation: UInt64 in 1...3_000 {
            let tenant = "t\(random.next(below: 20))"
            if random.next(below: 10) != 0 { pins.removeAll { $0.tenant == tenant } }
            if random.next(below: 3) != 0, !pins.contains(where: { $0.tenant == tenant }) {
                pins.append(PinHistoryTests.pin(tenant, "r\(random.next(below: 3))"))
            }
            let number = writer.adopt(pins, generation: generation)
            states[number] = pins.sorted { $0.tenant < $1.tenant }
            if random.next(below: 500) == 0 { told = nil }
            guard random.next(below: 4) == 0 else { continue }
            for line in writer.lines(from: told, to: number, run: "r") {
                told = line.number
                if reader.knows(line.number), line.number > 0 { continue }
                if line.after == nil {
                    reader = PinHistory(whole: line.change)
                } else {
                    try #require(line.after == reader.number, "seed \(seed), \(line)")
                    reader.append(line.change)
                }
            }
            try #require(reader.pins(at: number) == states[number], "seed \(seed), \(generation)")
            try #require(writer.pins(at: number) == states[number], "seed \(seed), \(generation)")
        }
        #expect(writer.changes.count == PinHistory.capacity && writer.first.number > 0)
        for change in reader.changes {
            try #require(reader.pins(at: change.number) == states[change.number], "seed \(seed), \(change.number)")
        }
    }
}
