import Model

extension Value {
    private static let maxCells = 65_000

    /// `regions:` — by name, in the file's order.
    func regions(_ upstream: Configuration.Upstream, _ health: Configuration.Health) -> [Configuration.Region] {
        guard let entries = entries(right: "regions by name, each with cells or an edge") else { return [] }
        if entries.isEmpty { report("is empty", right: "at least one region") }
        var cells = CellReader(upstream: upstream, health: health)
        let regions = entries.map { $0.region(&cells) }
        if entries.count > RegionSet.capacity {
            reading.report(
                "this is region \(RegionSet.capacity + 1) of \(entries.count)",
                right: "at most \(RegionSet.capacity) regions", at: entries[RegionSet.capacity].place)
        }
        let count = regions.map(\.cells.count).reduce(0, +)
        if count > Value.maxCells { report("have \(count) cells", right: "at most \(Value.maxCells) cells") }
        return regions
    }
}

extension Entry {
    /// A key that names something.
    func checkName(_ kind: Kind<String>) {
        if case .wrong(_, let right) = kind.parse(name) {
            value.reading.report(
                "the name \(Value.quoted(name)) is not allowed", right: right ?? kind.expected, at: place)
        }
    }

    fileprivate func region(_ reader: inout CellReader) -> Configuration.Region {
        var region = Configuration.Region()
        region.name = name
        checkName(.name("us-east"))
        value.section { section in
            section.require("jurisdiction", .name("eu"), into: &region.jurisdiction)
            section.read("mode", .choice, into: &region.mode)
            section.read("edge", .authority, into: &region.edge)
            region.cells = section["cells"]?.cells(&reader) ?? []
            (region.replicationUpstream, region.replicationHealth) = (reader.upstream, reader.health)
            section["replication"]?.readReplication(into: &region)
            if !section.has("cells"), !section.has("edge") {
                section.value.report("has neither cells nor an edge", right: "cells:, or the edge: that serves it")
            }
            if !section.has("cells"), section.has("edge") {
                reader.take(region.edgeCellName, at: place, section.reading)
            }
        }
        return region
    }
}

extension Value {
    fileprivate func readReplication(into region: inout Configuration.Region) {
        section { section in
            _ = section.required("backend", right: "a list of addresses")
            section.readList("backend", .endpoint(reading), into: &region.replicationBackends)
            if let own = section["upstream"] { region.replicationUpstream = own.upstream(region.replicationUpstream) }
            if let own = section["health"] { region.replicationHealth = own.health(region.replicationHealth) }
            section["backend"]?.checkServerName(of: region.replicationBackends, region.replicationUpstream)
        }
    }

    fileprivate func cells(_ reader: inout CellReader) -> [Configuration.Cell] {
        guard let entries = entries(right: "cells by name, each with endpoints") else { return [] }
        if entries.isEmpty { report("is empty", right: "at least one cell, or no cells: and an edge:") }
        let read = entries.map { reader.cell($0) }
        var cells = read.map(\.cell)
        CellReader.settle(read.map(\.weight), of: &cells, self, entries)
        return cells
    }
}
