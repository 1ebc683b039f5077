import ControlPlane

/// All that is known of one cell or region, and what happened to it lately.
enum DetailText {
    static func lines(_ cell: Status.Cell, _ events: [Status.Event], on screen: Screen = .plain) -> [String] {
        let share = Words.percent(Double(cell.share) / 100)
        var rows = [
            ("cell", "\(cell.name) in \(cell.region)"),
            ("health", "\(cell.health), \(StatusText.upCount(cell))"),
            ("weight", "\(cell.weightEffective) % in force, \(cell.weightConfigured) % in the file, share \(share)"),
        ]
        if let set = cell.weightSet { rows.append(("set to", StatusText.words(on: set))) }
        if let drain = cell.drain { rows.append(("drain", drain)) }
        rows.append(("rtt", Words.milliseconds(microseconds: cell.rttMicroseconds)))
        let flow = StatusText.flow(of: cell)
        rows.append(("requests", "\(flow[1]), \(flow[0]) in flight, errors \(flow[2])"))
        if let capacity = cell.capacity { rows.append(("capacity", "\(Words.count(capacity))/s")) }
        if let sessions = cell.sessions { rows.append(("sessions", Words.count(sessions))) }
        var table = TextTable([.name("ENDPOINT"), .name("HEALTH"), .number("RTT"), .text("NOTE")])
        for endpoint in cell.endpoints {
            let warmth = endpoint.warmthPercent.map { "warming up, takes \($0) % of its turns" }
            table.add(
                [
                    endpoint.address, endpoint.health, Words.milliseconds(microseconds: endpoint.rttMicroseconds),
                    StatusText.isOut(endpoint) ? StatusText.word(on: endpoint) : warmth ?? endpoint.cause ?? "",
                ], inks: [1: StatusText.ink(health: endpoint.health)])
        }
        return page(rows, table, events, screen)
    }

    static func lines(
        _ region: Status.Region, _ cells: [Status.Cell], _ events: [Status.Event], on screen: Screen = .plain
    ) -> [String] {
        var rows = [
            ("region", region.isLocal ? "\(region.name), this edge's own" : region.name),
            ("in", region.jurisdiction), ("state", "\(StatusText.state(of: region)), mode \(region.mode)"),
            ("keeps", "\(Words.percent(region.keptPercent)) of the requests that choose it"),
        ]
        if let set = region.dialSet { rows.append(("dialled to", StatusText.words(on: set))) }
        if let drain = region.drain { rows.append(("drain", drain)) }
        rows.append(("rtt", Words.milliseconds(microseconds: region.rttMicroseconds)))
        for copy in region.replication { rows.append(("lag", "\(copy.dataset) \(ReplicationText.words(copy))")) }
        if region.band.count > 1 { rows.append(("as near as", region.band.joined(separator: ", "))) }
        var table = TextTable([.name("CELL"), .name("HEALTH"), .number("WEIGHT"), .number("IN FL"), .number("RATE")])
        for cell in cells {
            let flow = StatusText.flow(of: cell)
            table.add(
                [cell.name, cell.health, StatusText.weight(of: cell), flow[0], flow[1]],
                inks: [1: StatusText.ink(health: cell.health)])
        }
        return page(rows, table, events, screen)
    }

    private static func page(
        _ rows: [(name: String, value: String)], _ table: TextTable, _ events: [Status.Event], _ screen: Screen
    ) -> [String] {
        let latest = [screen.paint("LATEST EVENTS", .strong)] + EventText.lines(events, on: screen)
        return screen.facts(rows) + [""] + table.lines(on: screen) + [""] + latest
    }
}
