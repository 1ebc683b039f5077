import Model

/// What a tenant's pin must agree with.
struct PinRules {
    let regions: KnownNames
    let jurisdictions: KnownNames
    private let jurisdictionOfRegion: [String: String]

    init(_ regions: [Configuration.Region]) {
        self.regions = .regions(regions.map(\.name))
        var (names, ofRegion): ([String], [String: String]) = ([], [:])
        for region in regions where !region.jurisdiction.isEmpty {
            if !names.contains(region.jurisdiction) { names.append(region.jurisdiction) }
            ofRegion[region.name] = region.jurisdiction
        }
        let isComplete = !regions.isEmpty && regions.allSatisfy { !$0.jurisdiction.isEmpty }
        jurisdictions = KnownNames(what: "jurisdiction", names: names, isComplete: isComplete)
        jurisdictionOfRegion = ofRegion
    }

    func jurisdiction(of region: String) -> String? { jurisdictionOfRegion[region] }

    /// A pinned tenant's writes are owned by its home, which must lie inside the fence (`owner_outside_residency`).
    func problem(with pin: Configuration.Pin) -> (what: String, right: String)? {
        guard let own = jurisdictionOfRegion[pin.home], !pin.residency.isEmpty, !pin.residency.contains(own) else {
            return nil
        }
        return (
            "keeps the tenant out of its home \(pin.home), which lies in \(own)",
            "\(own) among them, or another home"
        )
    }
}
