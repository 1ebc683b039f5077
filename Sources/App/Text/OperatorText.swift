import ControlPlane

/// What `drain`, `undrain`, `weight`, `dial` and `drains` print for people: lines that fit the screen.
enum OperatorText {
    static func lines(_ change: Status.Change, on screen: Screen = .plain) -> [String] {
        var lines: [String]
        if change.moves.isEmpty {
            lines = [change.dryRun ? "nothing would move" : "nothing moves, generation \(change.generation)"]
        } else {
            lines = [
                change.dryRun ? "would move (nothing was changed)" : "changed, generation \(change.generation)", "",
            ]
            var table = TextTable([.name("REGION"), .name("CELL"), .number("BEFORE"), .number("AFTER")])
            for move in change.moves {
                table.add([
                    move.region, move.cell ?? "(what the region keeps)", Words.percent(move.beforePercent),
                    Words.percent(move.afterPercent),
                ])
            }
            lines += table.lines(on: screen)
        }
        lines += sessions(change.sessions ?? [], screen)
        if let safety = change.safety { lines += verdict(safety, screen) }
        if let whatIf = change.whatIf { lines += [""] + OperatorText.lines(whatIf, on: screen) }
        return lines
    }

    private static func sessions(_ moves: [Status.SessionMove], _ screen: Screen) -> [String] {
        let moves = moves.filter { $0.sessions > 0 }
        if moves.isEmpty { return [] }
        return [""]
            + moves.flatMap { move in
                let to = move.to.isEmpty ? "nowhere: no cell is left for them" : "to \(move.to.joined(separator: ", "))"
                return screen.paragraph(
                    "\(Words.counted(move.sessions, "session")) of \(move.from) would go \(to)", hanging: 2)
            }
    }

    /// Whole sentences, so that the numbers are there on a phone, too.
    private static func verdict(_ safety: [String], _ screen: Screen) -> [String] {
        if safety.isEmpty { return ["", screen.paint("safe: what remains copes", .good)] }
        let title = screen.paint("refused without --force:", .bad)
        return ["", title] + safety.flatMap { screen.paragraph($0, indent: 2, hanging: 2) }
    }

    /// A sample of real requests, decided again.
    static func lines(_ whatIf: Status.WhatIf, on screen: Screen = .plain) -> [String] {
        let sampled = Words.count(whatIf.sampled)
        guard whatIf.sampled > 0 else { return screen.paragraph("no requests in the last minute to try it with") }
        let title = "of \(sampled) of the last minute's \(Words.counted(whatIf.requests, "request"))"
        let share = Words.percent(Double(whatIf.different) * 100 / Double(whatIf.sampled))
        var lines = screen.paragraph(
            "\(title), \(Words.count(whatIf.different)) (\(share)) would go elsewhere")
        if whatIf.refused > 0 {
            let count = Words.count(whatIf.refused)
            lines.append(screen.paint("\(count) would be refused that are not now", .bad))
        }
        if whatIf.moves.isEmpty { return lines }
        var table = TextTable([.name("FROM"), .name("TO"), .number("REQUESTS")])
        for flow in whatIf.moves {
            table.add([flow.from, flow.to, Words.count(flow.requests)])
        }
        return lines + table.lines(on: screen)
    }

    static func lines(_ drain: Status.Drain, on screen: Screen = .plain) -> [String] {
        let lines = screen.paragraph("drain \(drain.id) of \(drain.kind) \(drain.target): \(words(drain))", hanging: 2)
        if ["undraining", "ended"].contains(drain.state) { return lines }
        return lines
            + screen.paragraph("see `portolan drains`; back with `portolan undrain \(drain.target)`", hanging: 2)
    }

    /// All of one drain.
    static func detail(_ drain: Status.Drain, on screen: Screen = .plain) -> [String] {
        var rows = [
            ("drain", "\(drain.id), \(drain.mode), of \(drain.kind) \(drain.target)"), ("state", words(drain)),
            ("way", DrainProgress.bar(drain, width: DrainProgress.width)),
            ("workers", drain.isApplied ? "all go by it" : "not all go by it yet"),
        ]
        if let count = drain.requestsInFlight { rows.append(("in flight", Words.counted(count, "request"))) }
        rows += [
            ("since", "\(Words.minute(drain.startedAt)) by \(drain.who)"), ("expires", Words.minute(drain.expiresAt)),
            ("reason", drain.reason),
        ]
        return screen.facts(rows)
    }

    static func lines(_ drains: [Status.Drain], on screen: Screen = .plain) -> [String] {
        if drains.isEmpty { return ["no drains"] }
        var table = TextTable([
            .number("ID"), .name("TARGET"), .name("STATE"), .number("SHARE"), .number("MOVED"), .name("EXPIRES"),
            .text("REASON"),
        ])
        for drain in drains {
            let expires = drain.state == "ended" ? "-" : Words.minute(drain.expiresAt)
            table.add(
                [
                    "\(drain.id)", drain.target, drain.state, "\(drain.admissionPercent) %",
                    "\(drain.sessionsMovedPercent) %", expires, drain.reason,
                ], inks: ink(drain).map { [2: $0] } ?? [:])
        }
        return table.lines(on: screen)
    }

    private static func ink(_ drain: Status.Drain) -> Screen.Ink? {
        switch drain.state {
        case "ended": .faint
        case "held": .bad
        default: drain.isOverdue ? .bad : .warning
        }
    }

    /// How far a drain is.
    static func words(_ drain: Status.Drain) -> String {
        let count = drain.requestsInFlight ?? 0
        let inFlight =
            (count > 0 ? ", \(Words.counted(count, "request")) in flight" : "") + (drain.isOverdue ? ", overdue" : "")
        switch drain.state {
        case "ramping": return "ramping, at \(drain.admissionPercent) % of its share\(inFlight)"
        case "moving": return "no new work, \(drain.sessionsMovedPercent) % of the sessions moved\(inFlight)"
        case "drained":
            let resets = drain.resetsStreams ? "drained, streams that were still open are reset" : "drained"
            return resets + inFlight
        case "undraining": return "undraining, at \(drain.admissionPercent) % of its share"
        case "held": return "held at \(drain.admissionPercent) % of its share: its errors doubled"
        default: return drain.state
        }
    }

    /// The same in a word or two, beside a bar.
    static func phase(_ drain: Status.Drain) -> String {
        switch drain.state {
        case "ramping": "new work at \(drain.admissionPercent) %"
        case "moving": "sessions \(drain.sessionsMovedPercent) % gone"
        case "drained": drain.resetsStreams ? "drained, resetting streams" : "drained"
        case "undraining": "back at \(drain.admissionPercent) %"
        case "held": "held at \(drain.admissionPercent) %"
        default: drain.state
        }
    }
}
