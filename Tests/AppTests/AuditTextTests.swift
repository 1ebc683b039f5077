import ControlPlane
import Testing

@testable import App

struct AuditTextTests {
    private static func entry(_ number: UInt64, outcome: String, reason: String) -> Status.Audit {
        Status.Audit(
            number: number, time: "2026-01-02T03:04:05Z", timeNanoseconds: "1", who: "anna", role: "operator",
            from: "unix", action: "drain.start", subject: "use-a", reason: reason, outcome: outcome, detail: "{}",
            generation: 1, previous: "", hash: "")
    }

    @Test("newest first, whatever order they come in, within the screen")
    func table() {
        let entries = [
            AuditTextTests.entry(1, outcome: "done", reason: ""),
            AuditTextTests.entry(2, outcome: "last_fit_cell", reason: "deploy 42 of the orders service"),
        ]
        let lines = AuditText.lines(entries)
        #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 80 })
        #expect(lines[0].hasPrefix("NO") && lines[1].hasPrefix(" 2  2026") && lines[2].hasPrefix(" 1  2026"))
        let wide = AuditText.lines(entries, on: Screen(columns: 120, isColoured: false))
        #expect(
            wide[1] == " 2  2026-01-02 03:04Z  anna  drain.start  use-a    last_fit_cell  "
                + "deploy 42 of the orders service")
        #expect(wide[2].hasSuffix("done           -"))
        #expect(AuditText.lines([]) == ["no entries"])
    }
}
