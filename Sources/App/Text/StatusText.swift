import ControlPlane

/// What `status`, `regions`, `cells` and `sessions` print for people: lines that fit the screen.
enum StatusText {
    /// Events shown by `status`.
    private static let eventCount = 5

    static func lines(_ status: Status.Edge, on screen: Screen = .plain) -> [String] {
        var lines = screen.facts(
            [
                ("edge", "\(status.edge) in \(status.region), version \(status.version)"),
                ("state", "\(readiness(status).words), up \(Words.duration(seconds: status.uptimeSeconds))"),
                ("generation", "\(status.generation), \(applied(status))"),
            ], inks: [1: readiness(status).isWell ? .good : .warning])
        lines.append("")
        var table = TextTable([.name("TOTAL"), .number("COUNT")])
        for (name, count) in status.totals.sorted(by: { $0.key < $1.key }) where count > 0 {
            table.add([name.replacing("_", with: " "), Words.count(count)])
        }
        lines += table.rows.isEmpty ? ["nothing counted yet"] : table.lines(on: screen)
        guard !status.events.isEmpty else { return lines }
        lines += ["", screen.paint("LATEST EVENTS", .strong)]
        return lines + status.events.suffix(eventCount).flatMap { EventText.lines($0, on: screen) }
    }

    static func readiness(_ status: Status.Edge) -> (words: String, isWell: Bool) {
        if status.isDraining { return ("draining", false) }
        return status.isReady ? ("ready", true) : ("not ready yet", false)
    }

    /// Whether the snapshot in force is every worker's.
    static func applied(_ status: Status.Edge) -> String {
        let behind = status.acknowledgedGenerations.filter { $0 < status.generation }.count
        let workers = status.acknowledgedGenerations.count
        return behind == 0 ? "applied by all \(workers) workers" : "not yet by \(behind) of \(workers) workers"
    }

    static func lines(_ regions: [Status.Region], on screen: Screen = .plain) -> [String] {
        let hasLag = regions.contains { !$0.replication.isEmpty }
        var table = TextTable(
            [.name("REGION"), .name("JURISDICTION"), .name("STATE"), .number("UP"), .number("RTT")]
                + (hasLag ? [.number("LAG"), .name("TIER")] : []) + [.text("CELLS")])
        for region in regions {
            let name = region.isLocal ? "\(region.name) (local)" : region.name
            let worst = region.worstReplication
            let lag = hasLag ? [worst?.lagWords ?? "-", worst?.tier ?? "-"] : []
            var inks: [Int: Screen.Ink] = [2: region.isOpen ? .good : region.isFit ? .warning : .bad]
            if let worst { inks[6] = ReplicationText.ink(worst) }
            table.add(
                [
                    name, region.jurisdiction, state(of: region), "\(region.endpointsUp)/\(region.endpoints)",
                    Words.milliseconds(microseconds: region.rttMicroseconds),
                ] + lag + [region.cells.joined(separator: ", ")], inks: inks)
        }
        return table.lines(on: screen) + notes(regions.flatMap(asked), screen)
    }

    /// What an operator asked for.
    private static func asked(of region: Status.Region) -> [String] {
        let drain = region.drain.map { "\(region.name) is draining: \($0)" }
        let dial = region.dialSet.map { "\(region.name) is dialled to \(words(on: $0))" }
        return [drain, dial].compactMap { $0 }
    }

    /// Below a table and apart from it.
    private static func notes(_ notes: [String], _ screen: Screen) -> [String] {
        notes.isEmpty ? [] : [""] + notes.flatMap { screen.paragraph($0, hanging: 2) }
    }

    /// `37 % by NAME until 2026-01-02 15:04Z: why`.
    static func words(on setting: Status.Setting) -> String {
        let until = setting.expiresAt.map { " until \(Words.minute($0))" } ?? ""
        return "\(setting.percent) % by \(setting.who)\(until): \(setting.reason)"
    }

    static func state(of region: Status.Region) -> String {
        if region.mode != "active" { return region.mode }
        if region.isDialed, region.keptPercent == 0 { return "taken out" }
        let kept = Int(region.keptPercent.rounded())
        if region.isOpen { return kept < 100 ? "open, keeps \(kept) %" : "open" }
        return region.isFit ? "fit, closed" : "unfit"
    }

    static func lines(_ cells: [Status.Cell], on screen: Screen = .plain) -> [String] {
        let hasFlow = cells.contains { $0.requestsInFlight != nil || $0.requestsPerSecond != nil }
        // Beside the load, capacities need a wide screen; `cells CELL` tells them on any.
        let hasCapacity = !hasFlow || screen.columns >= 100
        var table = TextTable(
            [
                .name("REGION"), .name("CELL"), .name("HEALTH"), .number("WEIGHT"), .number("UP"), .number("RTT"),
            ] + (hasFlow ? [.number("IN FL"), .number("RATE"), .number("ERR")] : [])
                + (hasCapacity ? [.number("CAPACITY")] : []))
        for cell in cells {
            let capacity = cell.capacity.map { "\(Words.count($0))/s" } ?? "-"
            table.add(
                [
                    cell.region, cell.name, cell.health, weight(of: cell), "\(up(cell))/\(cell.endpoints.count)",
                    Words.milliseconds(microseconds: cell.rttMicroseconds),
                ] + (hasFlow ? flow(of: cell) : []) + (hasCapacity ? [capacity] : []),
                inks: [2: ink(health: cell.health)])
        }
        let draining = cells.compactMap { cell in cell.drain.map { "\(cell.name) is draining: \($0)" } }
        let set = cells.compactMap { cell in cell.weightSet.map { "\(cell.name) is set to \(words(on: $0))" } }
        let down = cells.flatMap { cell in
            cell.endpoints.filter(isOut).map { "\(cell.name)/\($0.address) is \(word(on: $0))" }
        }
        return table.lines(on: screen) + notes(draining + set + down, screen)
    }

    private static func up(_ cell: Status.Cell) -> Int { cell.endpoints.count { $0.health == "up" } }

    /// `1 of 2 endpoints up`.
    static func upCount(_ cell: Status.Cell) -> String {
        "\(up(cell)) of \(Words.counted(cell.endpoints.count, "endpoint")) up"
    }

    /// By probes or by its requests.
    static func isOut(_ endpoint: Status.Endpoint) -> Bool { ["down", "ejected"].contains(endpoint.health) }

    static func ink(health: String) -> Screen.Ink {
        switch health {
        case "healthy", "up": .good
        case "unhealthy", "down", "ejected": .bad
        default: .warning
        }
    }

    /// In flight, rate, errors; `-` where it is not known.
    static func flow(of cell: Status.Cell) -> [String] {
        [
            cell.requestsInFlight.map { Words.count($0) } ?? "-",
            cell.requestsPerSecond.map(Words.rate) ?? "-", cell.errorPercent.map(Words.percent) ?? "-",
        ]
    }

    static func word(on endpoint: Status.Endpoint) -> String {
        guard let seconds = endpoint.ejectedForSeconds else {
            return "down: \(endpoint.cause ?? endpoint.lastFailure ?? "no probe succeeded")"
        }
        return "ejected for another \(seconds) s: \(endpoint.cause ?? "its requests failed")"
    }

    static func sessionLines(_ cells: [Status.Cell], on screen: Screen = .plain) -> [String] {
        var table = TextTable([.name("REGION"), .name("CELL"), .number("SESSIONS")])
        for cell in cells {
            table.add([cell.region, cell.name, Words.count(cell.sessions ?? 0)])
        }
        return table.lines(on: screen)
    }

    static func weight(of cell: Status.Cell) -> String {
        // A drain's effect, where there is one.
        let inForce = cell.drain == nil ? cell.weightEffective : Int(cell.share) / 100
        let configured = cell.weightConfigured == inForce ? "" : " (of \(cell.weightConfigured))"
        return "\(inForce) %\(configured)"
    }
}
