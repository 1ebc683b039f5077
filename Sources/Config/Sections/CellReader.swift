import Model

/// Reads cells: what they inherit, and the names taken so far in all regions.
struct CellReader {
    let upstream: Configuration.Upstream
    let health: Configuration.Health
    private var names = Names()

    init(upstream: Configuration.Upstream, health: Configuration.Health) {
        (self.upstream, self.health) = (upstream, health)
    }

    /// The cell, and what the file says of its weight: nothing, something wrong, or a percentage.
    mutating func cell(_ entry: Entry) -> (cell: Configuration.Cell, weight: Weight) {
        var cell = Configuration.Cell()
        var weight = Weight.absent
        (cell.name, cell.upstream, cell.health) = (entry.name, upstream, health)
        entry.checkName(.name("use-a"))
        names.take(entry.name, "cell", at: entry.place, entry.value.reading)
        entry.value.section { section in
            if let value = section["weight"] { weight = value.read(.percent()).map { .percent($0) } ?? .wrong }
            section.read("capacity", .count(1...1_000_000_000), into: &cell.capacity)
            section.readEndpoints(into: &cell)
            if let own = section["upstream"] { cell.upstream = own.upstream(upstream) }
            if let own = section["health"] { cell.health = own.health(health) }
            section["endpoints"]?.checkServerName(of: cell.endpoints, cell.upstream)
            if let path = cell.endpointsPath, let key = section["endpoints_file"] {
                section.reading.needEndpoints(path, key: key, cell.upstream)
            }
        }
        return (cell, weight)
    }

    /// The name of the cell that stands for the edge of a region without cells.
    mutating func take(_ name: String, at place: Place, _ reading: Reading) {
        names.take(name, "cell", at: place, reading)
    }

    enum Weight: Equatable {
        case absent, wrong
        case percent(Int)
    }

    /// A region's weights sum to 100; without any, equal shares are filled in, the first cells taking the remainder.
    static func settle(_ weights: [Weight], of cells: inout [Configuration.Cell], _ value: Value, _ entries: [Entry]) {
        if weights.contains(.wrong) { return }
        if weights.allSatisfy({ $0 == .absent }) { return share(&cells, value) }
        if let missing = weights.firstIndex(of: .absent) {
            entries[missing].value.report(
                "lacks \"weight\", which other cells of the region have",
                right: "a weight for every cell of a region, or for none")
        }
        for index in cells.indices {
            if case .percent(let percent) = weights[index] { cells[index].weightPercent = percent }
        }
        let sum = cells.map(\.weightPercent).reduce(0, +)
        if sum != 100, !weights.contains(.absent) {
            value.report(
                "have weights that sum to \(sum)", right: "100 in every region, or no weights for equal shares")
        }
    }

    private static func share(_ cells: inout [Configuration.Cell], _ value: Value) {
        guard cells.count <= 100 else {
            return value.report(
                "are \(cells.count), too many for equal shares in whole percents",
                right: "at most 100 cells, or weights that sum to 100")
        }
        for index in cells.indices {
            cells[index].weightPercent = 100 / cells.count + (index < 100 % cells.count ? 1 : 0)
        }
    }
}

extension Section {
    /// Either list may be absent, but not both. What is in the file is read here as well, so that `check` sees its
    /// mistakes; what it says is read again while the edge runs.
    fileprivate func readEndpoints(into cell: inout Configuration.Cell) {
        if !has("endpoints"), !has("endpoints_file") {
            value.report("lacks \"endpoints\"", right: "a list of addresses, or endpoints_file: and a path")
        }
        readList("endpoints", .endpoint(reading), into: &cell.endpoints)
        guard let file = self["endpoints_file"], let path = file.read(.path(reading)) else { return }
        cell.endpointsPath = path
    }
}

extension Value {
    /// TLS must know whose certificate to expect.
    func checkServerName(of addresses: [Address], _ upstream: Configuration.Upstream) {
        guard upstream.protocol == .h2, upstream.serverName == nil else { return }
        guard addresses.contains(where: { if case .unix = $0 { true } else { false } }) else { return }
        report(
            "has a Unix socket, whose certificate would be for no known name",
            right: "upstream: {server_name: NAME}, or protocol: h2c")
    }
}
