import ControlPlane

/// The audit log for people.
enum AuditText {
    static func lines(_ entries: [Status.Audit], on screen: Screen = .plain) -> [String] {
        if entries.isEmpty { return ["no entries"] }
        var table = TextTable([
            .number("NO"), .name("TIME"), .text("WHO", narrowest: 8), .text("ACTION", narrowest: 8),
            .text("SUBJECT", narrowest: 8), .text("OUTCOME", narrowest: 8), .text("REASON", narrowest: 8),
        ])
        for entry in entries.sorted(by: { $0.number > $1.number }) {
            let ink: Screen.Ink? = entry.outcome == "done" ? nil : .bad
            table.add(
                [
                    "\(entry.number)", Words.minute(entry.time), entry.who, entry.action, entry.subject, entry.outcome,
                    entry.reason.isEmpty ? "-" : entry.reason,
                ], inks: ink.map { [5: $0] } ?? [:])
        }
        return table.lines(on: screen)
    }
}
