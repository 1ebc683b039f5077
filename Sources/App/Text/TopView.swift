import ControlPlane

/// `portolan top`'s screen: a pure function of what is known and of how much room there is.
struct TopView {
    private static let minimumTableLines = 4
    private static let mostDrains = 4
    private static let fewestEvents = 3
    private static let footer = "q quits, ↑ ↓ select. Read-only: change things with `portolan drain`, `weight`…"

    let state: TopState
    let screen: Screen
    /// Nil: as many as it takes.
    let height: Int?

    init(_ state: TopState, on screen: Screen, height: Int? = nil) {
        (self.state, self.screen, self.height) = (state, screen, height)
    }

    /// At most `height` lines, none wider than the screen.
    var lines: [String] {
        let (head, table, detail) = (head, table, detail)
        let drains = section("DRAINS", drains)
        guard let height else { return head + table.lines + detail + drains + section("LATEST EVENTS", events(5)) }
        let foot = screen.paint(Screen.cut(TopView.footer, to: screen.columns), .faint)
        // Events get what the table leaves; where it is cut, they keep a few lines and it gets the rest.
        var room = height - head.count - 1 - drains.count - detail.count
        if room < TopView.minimumTableLines { room += detail.count }
        let shownDetail = room - detail.count < TopView.minimumTableLines ? [] : detail
        let kept = min(TopView.fewestEvents + 2, max(0, room - TopView.minimumTableLines))
        let shownTable = scrolled(table, to: max(TopView.minimumTableLines, room - kept))
        let left = height - head.count - shownTable.count - shownDetail.count - drains.count - 1
        let latest = left > 2 ? section("LATEST EVENTS", events(left - 2)) : []
        var all = head + shownTable + shownDetail + drains + latest
        if all.count > height - 1 { all.removeLast(all.count - max(0, height - 1)) }
        all += Array(repeating: "", count: max(0, height - 1 - all.count))
        return all + [foot]
    }

    // MARK: Head

    private var head: [String] {
        let status = state.reading.status
        let up = Words.duration(seconds: status.uptimeSeconds)
        let readiness = StatusText.readiness(status)
        let third =
            state.fault.map { screen.paint(screen.line("no answer, this is the last one: \($0)"), .bad) } ?? totals
        return [
            screen.paint(
                screen.line("portolan \(status.version)  \(status.edge) in \(status.region), up \(up)"), .strong),
            screen.paint(
                screen.line("\(readiness.words), generation \(status.generation), \(StatusText.applied(status))"),
                readiness.isWell ? nil : .warning),
            third, "",
        ]
    }

    private var totals: String {
        let totals = state.reading.status.totals
        var words = ["-/s", "errors -"]
        if let rates = state.rates {
            words = [Words.rate(rates.requestsPerSecond), "errors \(Words.percent(rates.errorPercent))"]
        }
        words.append("\(Words.count(totals["exchanges_open"] ?? 0)) in flight")
        words.append("\(Words.count(totals["connections_open"] ?? 0)) connections")
        let line = screen.line(words.joined(separator: ", "))
        return (state.rates?.errorPercent ?? 0) >= 1 ? screen.paint(line, .warning) : line
    }

    // MARK: Regions and cells

    private struct Table {
        var lines: [String]
        /// Of the cell that is looked at, among the lines.
        var selected: Int?
    }

    private var hasMiddle: Bool { screen.columns >= 60 }
    private var isWide: Bool { screen.columns >= 100 }
    private var barWidth: Int { isWide ? 16 : screen.columns >= 72 ? 8 : 4 }

    private var table: Table {
        let middle: [TextTable.Column] = hasMiddle ? [.number("RTT"), .number("IN FL")] : []
        let last: [TextTable.Column] = screen.columns >= 72 ? [.number("SESSIONS")] : []
        var table = TextTable(
            [.text("  CELL", narrowest: 6), .name("SHARE"), .number("%"), .text("HEALTH", narrowest: 6)] + middle + [
                .number("RATE")
            ]
                + (isWide ? [.number("ERRORS"), .number("WEIGHT")] : []) + last)
        var selected: Int?
        for region in state.reading.regions {
            table.add(row(region), inks: [0: .strong, 3: region.isOpen ? .good : region.isFit ? .warning : .bad])
            for cell in state.reading.cells where cell.region == region.name {
                if cell.name == state.selected { selected = table.rows.count }
                let inks = cell.drain == nil ? [3: StatusText.ink(health: cell.health)] : [1: .warning]
                table.add(row(cell), inks: cell.name == state.selected ? [:] : inks)
            }
        }
        var lines = table.grid(on: screen)
        if let selected {
            let line = lines[selected + 1]
            let padded = line + String(repeating: " ", count: max(0, screen.columns - line.count))
            lines[selected + 1] = screen.isColoured ? screen.paint(padded, .reversed) : line
        }
        return Table(lines: lines, selected: selected.map { $0 + 1 })
    }

    private func row(_ region: Status.Region) -> [String] {
        let cells = state.reading.cells.filter { $0.region == region.name }
        func sum(_ value: (Status.Cell) -> Int?) -> String {
            let known = cells.compactMap(value)
            return known.isEmpty ? "-" : Words.count(known.reduce(0, +))
        }
        let rates = cells.compactMap(\.requestsPerSecond)
        let rate = rates.isEmpty ? "-" : Words.rate(rates.reduce(0, +))
        let middle = [Words.milliseconds(microseconds: region.rttMicroseconds), sum(\.requestsInFlight)]
        return [region.name, "", whole(region.keptPercent), StatusText.state(of: region)] + (hasMiddle ? middle : [])
            + [rate] + (isWide ? ["", ""] : []) + (screen.columns >= 72 ? [sum(\.sessions)] : [])
    }

    private func row(_ cell: Status.Cell) -> [String] {
        let share = Double(cell.share) / 100
        let mark = cell.name == state.selected ? "> " : "  "
        let flow = StatusText.flow(of: cell)
        let health = cell.drain == nil ? cell.health : "draining"
        let middle = [Words.milliseconds(microseconds: cell.rttMicroseconds), flow[0]]
        let sessions = cell.sessions.map { Words.count($0) } ?? "-"
        return [mark + cell.name, bar(share), whole(share), health] + (hasMiddle ? middle : []) + [flow[1]]
            + (isWide ? [flow[2], StatusText.weight(of: cell)] : []) + (screen.columns >= 72 ? [sessions] : [])
    }

    private func whole(_ percent: Double) -> String { "\(Int(min(max(percent, 0), 100).rounded()))" }

    private func bar(_ percent: Double) -> String {
        let count = Int((min(max(percent, 0), 100) * Double(barWidth) / 100).rounded())
        return String(repeating: "#", count: count) + String(repeating: ".", count: barWidth - count)
    }

    /// The titles stay; of the rest a window in which the selected line is.
    private func scrolled(_ table: Table, to count: Int) -> [String] {
        guard table.lines.count > count, let title = table.lines.first else { return table.lines }
        let window = max(1, count - 1)
        let first = min(max(1, (table.selected ?? 1) - window / 2), table.lines.count - window)
        return [title] + table.lines[first..<first + window]
    }

    /// What an operator or a detector did to the cell that is looked at.
    private var detail: [String] {
        guard let cell = state.cells.first(where: { $0.name == state.selected }) else { return [] }
        var words = cell.weightSet.map { ["set to \(StatusText.words(on: $0))"] } ?? []
        if let drain = cell.drain { words.append("draining: \(drain)") }
        words += cell.endpoints.filter(StatusText.isOut).map {
            "\($0.address) is \(StatusText.word(on: $0))"
        }
        if words.isEmpty { words = ["\(StatusText.upCount(cell)), nothing set"] }
        return words.prefix(2).map { screen.line("  \(cell.name): \($0)") }
    }

    // MARK: Drains and events

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", screen.paint(title, .strong)] + lines
    }

    private var drains: [String] {
        let drains = state.reading.drains
        let shown = drains.prefix(TopView.mostDrains).map { drain -> String in
            let inFlight = drain.requestsInFlight.map { ", \(Words.count($0)) in flight" } ?? ""
            let words = "\(drain.target): \(OperatorText.phase(drain))\(inFlight), \(drain.reason)"
            let line = screen.line("\(DrainProgress.bar(drain, width: DrainProgress.width)) \(words)")
            return screen.paint(line, drain.isOverdue ? .bad : nil)
        }
        return shown + (drains.count > shown.count ? ["and \(drains.count - shown.count) more"] : [])
    }

    private func events(_ count: Int) -> [String] {
        state.reading.status.events.suffix(max(0, count)).reversed().map { event in
            screen.paint(EventText.short(event, columns: screen.columns), EventText.ink(event.event))
        }
    }
}
