import Model

/// A result for people (at most 80 columns) and for programs.
extension Campaign.Result {
    public func text(_ scene: Scene) -> String {
        var lines = ["\(worlds) \(worlds == 1 ? "world" : "worlds"), \(report.milliseconds / 3_600_000) h simulated"]
        lines += table(counts)
        let failed = report.failureCounts
        if !failed.isEmpty {
            lines.append("failed requests, by reason")
            lines += table(failed)
        }
        lines.append("first tries, by cell")
        lines += shares(scene)
        lines.append("events")
        lines += table(report.eventCounts)
        if let failure { lines += text(of: failure, scene) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var counts: [(String, String)] {
        [
            ("requests", "\(report.requests)"), ("answered", "\(report.answered)"), ("failed", "\(report.failed)"),
            ("retries", "\(report.retries)"), ("resends", "\(report.resends)"), ("rescues", "\(report.rescues)"),
            ("region fallbacks", "\(report.fallbacks)"), ("spilled", "\(report.spills)"),
            ("sent on by a dial", "\(report.dialed)"), ("panics", "\(report.panics)"),
            ("misroutes", "\(report.misroutes)"), ("writes to owners", "\(report.writes)"),
            ("sessions begun", "\(report.sessionsNew)"),
            ("sessions moved by health", "\(report.sessionsMovedByHealth)"),
            ("sessions moved by drains", "\(report.sessionsMovedByDrain)"),
            ("operators' wishes", "\(report.operations)"), ("  refused", "\(report.operationsRefused)"),
            ("probes", "\(report.probes)"), ("snapshots", "\(report.publications)"),
            ("slowest detection: refusing", milliseconds(report.worstRefusal)),
            ("slowest detection: silent", milliseconds(report.worstSilence)),
            ("most off its share", "\(rounded(report.worstShareError)) requests"),
        ]
    }

    private func milliseconds(_ nanoseconds: UInt64) -> String { "\(nanoseconds / 1_000_000) ms" }

    private func rounded(_ value: Double) -> String {
        let hundredths = Int(value * 100 + 0.5)
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    private func table(_ rows: [(String, String)]) -> [String] {
        rows.map { name, value in
            let gap = max(1, 44 - name.count - value.count)
            return "  \(name)\(String(repeating: " ", count: gap))\(value)"
        }
    }

    private func shares(_ scene: Scene) -> [String] {
        let total = max(1, report.cells.reduce(0, +))
        return table(
            report.cells.indices.map { index in
                let share = rounded(100 * Double(report.cells[index]) / Double(total))
                return (String(scene.cellName(index).prefix(30)), "\(share) %")
            })
    }

    private func text(of failure: Campaign.Failure, _ scene: Scene) -> [String] {
        let violation = failure.violation
        var lines = ["", "FAILED: \(violation.invariant.name) at \(Trace.seconds(violation.at)) s"]
        lines += wrapped(violation.text, columns: 76).map { "  \($0)" }
        lines.append("seed \(failure.schedule.seed); shortest trace found (\(failure.schedule.count) events):")
        lines.append("")
        return lines + [Trace(scene).text(of: failure.schedule)]
    }

    private func wrapped(_ text: String, columns: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    // MARK: For programs

    public func json(_ scene: Scene) -> String {
        var members: [(String, String)] = [("worlds", "\(worlds)"), ("milliseconds", "\(report.milliseconds)")]
        members += report.numbers.map { ($0, "\($1)") }
        members.append(("failed", object(report.failureCounts)))
        members.append(("events", object(report.eventCounts)))
        members.append(("cells", object(report.cells.indices.map { (scene.cellName($0), "\(report.cells[$0])") })))
        members.append(("worst_share_error", "\(report.worstShareError)"))
        if let failure {
            let violation = failure.violation
            members.append(
                (
                    "violation",
                    object([
                        ("invariant", quoted(violation.invariant.name)), ("milliseconds", "\(violation.at)"),
                        ("text", quoted(violation.text)), ("seed", "\(failure.schedule.seed)"),
                        ("trace", quoted(Trace(scene).text(of: failure.schedule))),
                    ])
                ))
        }
        return object(members) + "\n"
    }

    private func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(quoted($0)): \($1)" }.joined(separator: ", ") + "}"
    }

    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default:
                let code = String(scalar.value, radix: 16)
                quoted +=
                    scalar.value < 0x20 ? "\\u" + String(repeating: "0", count: 4 - code.count) + code : "\(scalar)"
            }
        }
        return quoted + "\""
    }
}

extension SimulationReport {
    var failureCounts: [(String, String)] {
        Reason.allCases.filter { failures[Int($0.rawValue)] > 0 }.map { ($0.name, "\(failures[Int($0.rawValue)])") }
    }

    var eventCounts: [(String, String)] {
        zip(EventKind.allCases, events).filter { $0.1 > 0 }.map { ($0.0.rawValue, "\($0.1)") }
    }

    var numbers: [(String, Int)] {
        [
            ("requests", requests), ("answered", answered), ("retries", retries), ("resends", resends),
            ("rescues", rescues), ("region_fallbacks", fallbacks), ("spills", spills), ("dialed", dialed),
            ("panics", panics), ("misroutes", misroutes), ("writes", writes), ("sessions_new", sessionsNew),
            ("sessions_moved_by_health", sessionsMovedByHealth), ("sessions_moved_by_drain", sessionsMovedByDrain),
            ("operations", operations), ("operations_refused", operationsRefused), ("probes", probes),
            ("publications", publications), ("worst_refusal_ms", Int(worstRefusal / 1_000_000)),
            ("worst_silence_ms", Int(worstSilence / 1_000_000)),
        ]
    }
}
