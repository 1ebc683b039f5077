import Admin
import ControlPlane

/// What `drain`, `undrain`, `weight`, `dial` and `drains` print for people: lines of at most 80 columns.
enum OperatorText {
    static func lines(_ change: Status.Change) -> [String] {
        let title = change.dryRun ? "would move (nothing was changed)" : "changed, generation \(change.generation)"
        guard !change.moves.isEmpty else {
            return [change.dryRun ? "nothing would move" : "nothing moves, generation \(change.generation)"]
        }
        var table = TextTable([.text("REGION"), .text("CELL"), .number("BEFORE"), .number("AFTER")])
        for move in change.moves {
            table.add([
                move.region, move.cell ?? "(what the region keeps)", percent(move.beforePercent),
                percent(move.afterPercent),
            ])
        }
        return [title, ""] + table.lines
    }

    static func lines(_ drain: Status.Drain) -> [String] {
        let line = "drain \(drain.id) of \(drain.kind) \(drain.target): \(words(drain))"
        let isBack = ["undraining", "ended"].contains(drain.state)
        return isBack ? [line] : [line, "see `portolan drains`; back with `portolan undrain \(drain.target)`"]
    }

    static func lines(_ list: DrainList) -> [String] {
        if list.drains.isEmpty { return ["no drains"] }
        var table = TextTable([
            .number("ID"), .text("TARGET"), .text("STATE"), .number("SHARE"), .number("MOVED"), .text("EXPIRES"),
            .text("REASON"),
        ])
        for drain in list.drains {
            let expires = drain.state == "ended" ? "-" : "\(drain.expiresAt.prefix(16).replacing("T", with: " "))Z"
            table.add([
                "\(drain.id)", drain.target, drain.state, "\(drain.admissionPercent) %",
                "\(drain.sessionsMovedPercent) %", expires, drain.reason,
            ])
        }
        return table.lines
    }

    /// How far a drain is.
    static func words(_ drain: Status.Drain) -> String {
        switch drain.state {
        case "ramping": "ramping, at \(drain.admissionPercent) % of its share"
        case "moving": "no new work, \(drain.sessionsMovedPercent) % of the sessions moved"
        case "drained":
            drain.resetsStreams ? "drained, streams that were still open are reset" : "drained"
        case "undraining": "undraining, at \(drain.admissionPercent) % of its share"
        case "held": "held at \(drain.admissionPercent) % of its share: its errors doubled"
        default: drain.state
        }
    }

    /// `37 %`, `18.5 %`, `0.25 %`.
    static func percent(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        if rest == 0 { return "\(whole) %" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10) %" : "\(whole).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
