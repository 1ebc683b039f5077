import Testing

@testable import Demo

struct DemoEventsTests {
    @Test func aLineIsFoundFromItsPlaceOn() {
        let events = DemoEvents()
        events.add("CELL_DOWN use-a")
        let start = events.count
        events.add("CELL_DOWN use-b")
        #expect(events.first(from: 0, with: ["CELL_DOWN"])?.text == "CELL_DOWN use-a")
        #expect(events.first(from: start, with: ["CELL_DOWN"])?.text == "CELL_DOWN use-b")
        #expect(events.first(from: start, with: ["CELL_DOWN", "use-a"]) == nil)
    }

    @Test func oldLinesAreLetGo() {
        let events = DemoEvents()
        for number in 0..<10_000 { events.add("line \(number).") }
        #expect(events.first(from: 0, with: ["line 9999."]) != nil)
        #expect(events.first(from: 0, with: ["line 1."]) == nil)
    }
}
