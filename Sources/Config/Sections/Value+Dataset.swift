import Model

extension Value {
    /// `datasets:` — what is written, who owns it, and where to read how far each region is.
    func datasets(_ regions: [Configuration.Region]) -> [Configuration.Dataset] {
        let entries = entries(right: "datasets by name, each with an owner or mode: multi") ?? []
        return entries.map { $0.dataset(regions) }
    }
}

extension Entry {
    fileprivate func dataset(_ regions: [Configuration.Region]) -> Configuration.Dataset {
        var dataset = Configuration.Dataset()
        dataset.name = name
        checkName(.name("orders"))
        let known = KnownNames.regions(regions.map(\.name))
        value.section { section in
            section.readOwner(known, into: &dataset)
            section.read("epoch", .count(1...UInt64(Int64.max)), into: &dataset.epoch)
            if let positions = section["positions"] { dataset.positions = positions.positions(known) }
            section["tiers"]?.tiers(into: &dataset)
            guard let owner = dataset.owner, let region = regions.first(where: { $0.name == owner }) else { return }
            if region.replicationBackends.isEmpty, region.edge == nil {
                section["owner"]?.report(
                    "is \(owner), which has nothing to take writes",
                    right: "regions.\(owner).replication: {backend: [ADDRESS]}")
            }
            if let positions = section["positions"], !dataset.positions.isEmpty, dataset.positions[owner] == nil {
                positions.report("lack the owner \(owner), against whom the others are measured", right: "\(owner) too")
            }
        }
        return dataset
    }
}

extension Section {
    fileprivate func readOwner(_ regions: KnownNames, into dataset: inout Configuration.Dataset) {
        var isMulti = false
        read("owner", .known(regions), into: &dataset.owner)
        read("mode", Kind("multi", orNil: { $0 == "multi" ? true : nil }), into: &isMulti)
        if has("owner"), has("mode") {
            self["mode"]?.report("is there beside an owner", right: "owner: or mode: multi")
        } else if !has("owner"), !has("mode") {
            value.report(
                "lacks \"owner\"", right: "owner: and a region, or mode: multi where every region takes writes")
        } else if !has("owner") {
            self["epoch"]?.report("is there without an owner", right: "no epoch with mode: multi")
        }
    }
}

extension Value {
    fileprivate func tiers(into dataset: inout Configuration.Dataset) {
        section { section in
            section.read("fresh", .duration(1...30 * day), into: &dataset.freshMilliseconds)
            section.read("near", .duration(1...30 * day), into: &dataset.nearMilliseconds)
            section.read("stale", .duration(1...30 * day), into: &dataset.staleMilliseconds)
            let tiers = [dataset.freshMilliseconds, dataset.nearMilliseconds, dataset.staleMilliseconds]
            guard tiers[0] >= tiers[1] || tiers[1] >= tiers[2] else { return }
            let words = zip(["fresh", "near", "stale"], tiers).map { "\($0) \(Units.duration($1))" }
            section.value.report("are \(words.joined(separator: ", "))", right: "fresh below near below stale")
        }
    }

    fileprivate func positions(_ regions: KnownNames) -> [String: Configuration.PositionSource] {
        var positions: [String: Configuration.PositionSource] = [:]
        for entry in entries(right: "a mapping of regions to where each one's position is read") ?? [] {
            if case .wrong(let what, let right) = Kind.known(regions).parse(entry.name) {
                reading.report(
                    "\(path): \(Value.quoted(entry.name))\(what)", right: right ?? "a region", at: entry.place)
            }
            positions[entry.name] = entry.value.positionSource()
        }
        return positions
    }

    private func positionSource() -> Configuration.PositionSource? {
        var source: Configuration.PositionSource?
        section { section in
            let kinds = ["prometheus", "json", "header"].filter { section.has($0) }
            let details = ["prometheus": "metric", "json": "pointer", "header": "name"]
            for name in details.values.sorted() { _ = section[name] }
            guard let kind = kinds.first, kinds.count == 1, let detail = details[kind] else {
                return section.value.report(
                    kinds.isEmpty ? "names no source" : "names \(kinds.count) sources",
                    right: "{prometheus: URL, metric: NAME}, {json: URL, pointer: /a/b} or {header: URL, name: HEADER}")
            }
            var (url, text) = ("", "")
            section.require(kind, .url, into: &url)
            section.require(detail, Value.detail(of: kind), into: &text)
            for other in details.values.sorted() where other != detail {
                section[other]?.report("does not belong to \(kind)", right: "\(detail):")
            }
            source = Value.source(kind, url: url, text)
        }
        return source
    }

    private static func source(_ kind: String, url: String, _ text: String) -> Configuration.PositionSource {
        switch kind {
        case "prometheus": .prometheus(url: url, metric: text)
        case "json": .json(url: url, pointer: text)
        default: .header(url: url, name: text)
        }
    }

    private static func detail(of kind: String) -> Kind<String> {
        switch kind {
        case "prometheus": .metric
        case "json": .jsonPointer
        default: .headerName
        }
    }
}

extension Kind where T == String {
    fileprivate static var metric: Kind {
        Kind("a metric's name such as pg_current_wal_lsn") { text in
            let isLetter = { (byte: UInt8) in (97...122).contains(byte | 0x20) || byte == 95 || byte == 58 }
            guard let first = text.utf8.first, isLetter(first) else { return .wrong() }
            return text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) } ? .value(text) : .wrong()
        }
    }

    /// RFC 6901.
    fileprivate static var jsonPointer: Kind {
        Kind("a JSON pointer such as /replication/offset") { text in
            text.hasPrefix("/") && !hasControls(text) ? .value(text) : .wrong()
        }
    }
}
