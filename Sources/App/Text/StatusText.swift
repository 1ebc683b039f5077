import Admin
import ControlPlane

/// What `status`, `regions` and `cells` print for people: lines of at most 80 columns.
enum StatusText {
    /// Events shown by `status`.
    private static let eventCount = 5

    static func lines(_ status: Status.Edge) -> [String] {
        let state = status.isDraining ? "draining" : status.isReady ? "ready" : "not ready yet"
        let behind = status.acknowledgedGenerations.filter { $0 < status.generation }.count
        let workers = status.acknowledgedGenerations.count
        let applied = behind == 0 ? "applied by all \(workers) workers" : "not yet by \(behind) of \(workers) workers"
        var lines = [
            "edge        \(status.edge) in \(status.region), version \(status.version)",
            "state       \(state), up \(Words.duration(seconds: status.uptimeSeconds))",
            "generation  \(status.generation), \(applied)",
        ]
        lines.append("")
        var table = TextTable([.text("TOTAL"), .number("COUNT")])
        for (name, count) in status.totals.sorted(by: { $0.key < $1.key }) where count > 0 {
            table.add([name.replacing("_", with: " "), Words.count(count)])
        }
        lines += table.rows.isEmpty ? ["nothing counted yet"] : table.lines
        guard !status.events.isEmpty else { return lines }
        lines += ["", "LATEST EVENTS"]
        for event in status.events.suffix(eventCount) {
            lines.append(cut("\(event.time.prefix(19))Z  \(event.event)  \(event.subject)"))
            lines.append(cut("    \(event.cause)"))
        }
        return lines
    }

    static func lines(_ list: RegionList) -> [String] {
        var table = TextTable([
            .text("REGION"), .text("JURISDICTION"), .text("STATE"), .number("UP"), .number("RTT"), .text("CELLS"),
        ])
        for region in list.regions {
            let name = region.isLocal ? "\(region.name) (local)" : region.name
            table.add([
                name, region.jurisdiction, state(of: region), "\(region.endpointsUp)/\(region.endpoints)",
                Words.milliseconds(microseconds: region.rttMicroseconds), region.cells.joined(separator: ", "),
            ])
        }
        return table.lines
    }

    private static func state(of region: Status.Region) -> String {
        if region.mode != "active" { return region.mode }
        if region.isDialed, region.keptPercent == 0 { return "taken out" }
        let kept = Int(region.keptPercent.rounded())
        if region.isOpen { return kept < 100 ? "open, keeps \(kept) %" : "open" }
        return region.isFit ? "fit, closed" : "unfit"
    }

    static func lines(_ list: CellList) -> [String] {
        var table = TextTable([
            .text("REGION"), .text("CELL"), .text("HEALTH"), .number("WEIGHT"), .number("UP"), .number("RTT"),
            .number("CAPACITY"),
        ])
        for cell in list.cells {
            let up = cell.endpoints.filter { $0.health == "up" }.count
            table.add([
                cell.region, cell.name, cell.health, weight(of: cell), "\(up)/\(cell.endpoints.count)",
                Words.milliseconds(microseconds: cell.rttMicroseconds),
                cell.capacity.map { "\(Words.count(UInt64(max(0, $0))))/s" } ?? "-",
            ])
        }
        let down = list.cells.flatMap { cell in
            cell.endpoints.filter { $0.health == "down" || $0.health == "ejected" }.map { endpoint in
                cut("\(cell.name)/\(endpoint.address) is \(word(on: endpoint))")
            }
        }
        let draining = list.cells.compactMap { cell in cell.drain.map { cut("\(cell.name) is draining: \($0)") } }
        let notes = draining + down
        return table.lines + (notes.isEmpty ? [] : [""] + notes)
    }

    private static func word(on endpoint: Status.Endpoint) -> String {
        guard let seconds = endpoint.ejectedForSeconds else {
            return "down: \(endpoint.cause ?? endpoint.lastFailure ?? "no probe succeeded")"
        }
        return "ejected for another \(seconds) s: \(endpoint.cause ?? "its requests failed")"
    }

    static func sessionLines(_ list: CellList) -> [String] {
        var table = TextTable([.text("REGION"), .text("CELL"), .number("SESSIONS")])
        for cell in list.cells {
            table.add([cell.region, cell.name, Words.count(UInt64(max(0, cell.sessions ?? 0)))])
        }
        return table.lines
    }

    private static func weight(of cell: Status.Cell) -> String {
        // A drain's effect, where there is one.
        let inForce = cell.drain == nil ? cell.weightEffective : Int(cell.share) / 100
        let configured = cell.weightConfigured == inForce ? "" : " (of \(cell.weightConfigured))"
        return "\(inForce) %\(configured)"
    }

    private static func cut(_ line: String) -> String {
        line.count <= TextTable.width ? line : line.prefix(TextTable.width - 1) + "…"
    }
}
