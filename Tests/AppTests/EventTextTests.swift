import ControlPlane
import Testing

@testable import App

struct EventTextTests {
    static func event(_ kind: String, _ subject: String = "use-a", number: UInt64 = 1) -> Status.Event {
        Status.Event(
            number: number, time: "2026-01-02T03:04:05.678Z", generation: 1, event: kind, subject: subject,
            cause: "2 of 2 endpoints are down")
    }

    @Test("what on a line, why on the next")
    func lines() {
        let lines = EventText.lines([EventTextTests.event("CELL_DOWN")])
        #expect(lines == ["2026-01-02T03:04:05Z  CELL_DOWN  use-a", "    2 of 2 endpoints are down"])
        #expect(EventText.lines([]) == ["no events"])
        let far = EventTextTests.event("ENDPOINT_RETURNED", "use-a/127.0.0.1:7102")
        #expect(
            EventText.lines(far, on: Screen(columns: 40, isColoured: false)) == [
                "2026-01-02T03:04:05Z  ENDPOINT_RETURNED", "    use-a/127.0.0.1:7102", "    2 of 2 endpoints are down",
            ])
        #expect(
            EventText.short(EventTextTests.event("CELL_DOWN"), columns: 40)
                == "03:04:05  CELL_DOWN  use-a: 2 of 2 endp…")
    }

    static let kinds: [(String, Screen.Ink?)] = [
        ("CELL_DOWN", .bad), ("CELL_UP", .good), ("PANIC_BEGAN", .bad), ("DRAIN_STARTED", .warning), ("NEW_KIND", nil),
    ]
    @Test("colours tell worse from better", arguments: kinds)
    func inks(kind: String, ink: Screen.Ink?) { #expect(EventText.ink(kind) == ink) }
}
