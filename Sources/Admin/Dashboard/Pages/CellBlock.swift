import ControlPlane

/// A cell among the cells of its region.
struct CellBlock {
    let cell: Status.Cell
    let drain: Status.Drain?

    var html: HTML {
        """
        <li class="cell">
        <div class="cell-head"><h4><a href="/ui/cells/\(segment: cell.name)">\(cell.name)</a></h4>\
        \(CellBlock.health(cell))\(drainBadge)<span class="share num" data-share="\(cell.name)">\
        \(Figures.percent(CellBlock.share(cell)))<span class="unseen"> of its region's new work</span></span></div>
        \(CellBlock.bar(cell, isDrained: drain != nil))
        <p class="quiet small">\(CellBlock.weight(cell))\(drainWords)</p>
        \(why)
        \(CellBlock.numbers(cell))
        </li>
        """
    }

    static func share(_ cell: Status.Cell) -> Double { Double(cell.share) / 100 }

    /// Its share, coloured by what becomes of the requests: a cell that cannot serve keeps its share of none.
    static func bar(_ cell: Status.Cell, isDrained: Bool) -> HTML {
        Meter.bar(
            share(cell), tone: isDrained ? .move : .ofHealth(cell.health), mark: Double(cell.weightConfigured))
    }

    static func health(_ cell: Status.Cell) -> HTML { Tone.ofHealth(cell.health).badge(cell.health) }

    private var drainBadge: HTML { drain.map { Tone.ofDrain($0.state).badge($0.state) } ?? "" }
    private var drainWords: HTML { drain.map { " · \(DrainBlock.words($0))" } ?? "" }

    /// In force, and what the file says where that differs.
    static func weight(_ cell: Status.Cell) -> HTML {
        guard let set = cell.weightSet else {
            if cell.weightEffective == cell.weightConfigured { return "weight \(cell.weightEffective) % as configured" }
            return "weight \(cell.weightEffective) %: what set cells leave; configured \(cell.weightConfigured) %"
        }
        return "weight \(set.percent) % set by \(set.who), configured \(cell.weightConfigured) %"
    }

    /// Endpoints that are not up, with the first reason.
    private var why: HTML {
        let lost = cell.endpoints.filter { $0.health != "up" && $0.health != "unknown" }
        guard let first = lost.first else { return "" }
        let cause = first.cause ?? first.lastFailure ?? "no reason known"
        let mark = (cell.health == "healthy" ? Tone.warn : .bad).mark
        return
            "<p class=\"why\">\(mark)\(lost.count) of \(cell.endpoints.count) endpoints \(first.health): \(cause)</p>"
    }

    /// Each figure with its name; what nobody measures says so.
    static func numbers(_ cell: Status.Cell) -> HTML {
        let load = cell.capacity.map { " of \(Figures.count($0))" } ?? ""
        let rows: [(String, String)] = [
            ("Requests", Figures.rate(cell.requestsPerSecond) + load), ("Errors", Figures.percent(cell.errorPercent)),
            ("In flight", Figures.count(cell.requestsInFlight)), ("Sessions", Figures.count(cell.sessions)),
            ("RTT", Figures.time(microseconds: cell.rttMicroseconds)),
        ]
        let missing = rows.filter { $0.1.hasPrefix(Figures.unknown) }
        guard missing.count < 3 else {
            let known = rows.filter { !$0.1.hasPrefix(Figures.unknown) }.map { "\($0.0) \($0.1); " }.joined()
            let names = missing.map { $0.0 == "RTT" ? "RTT" : $0.0.lowercased() }.joined(separator: ", ")
            return "<p class=\"quiet small\">\(known)\(Figures.unknown): \(names)</p>"
        }
        let cells = rows.map { name, value -> HTML in
            let missing: HTML = value == Figures.unknown ? " class=\"none\"" : ""
            return "<div><dt>\(name)</dt><dd\(missing)>\(value)</dd></div>"
        }
        return "<dl class=\"numbers\">\(cells)</dl>"
    }
}
