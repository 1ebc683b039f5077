public import Model

/// What `OperatorIntent` has to know of the present to judge a command and to let time pass.
public struct IntentView: Equatable, Sendable {
    /// In the file's order.
    public var regions: [IntentRegion]
    public var rules: Configuration.DrainRules
    public init(regions: [IntentRegion], rules: Configuration.DrainRules) {
        (self.regions, self.rules) = (regions, rules)
    }
}

/// One region with its cells in the file's order.
public struct IntentRegion: Equatable, Sendable {
    public var id: RegionID
    public var name: String
    /// Not standby.
    public var isActive: Bool
    public var cells: [IntentCell]
    public init(id: RegionID, name: String, isActive: Bool = true, cells: [IntentCell]) {
        (self.id, self.name, self.isActive, self.cells) = (id, name, isActive, cells)
    }
}

/// One cell, what the file says of it, and how it has done lately.
public struct IntentCell: Equatable, Sendable {
    public var id: CellID
    public var name: String
    /// Whole percents.
    public var configuredPercent: Int
    /// Requests a second that it can carry, where the file says.
    public var capacity: Int?
    /// It has an endpoint that may be chosen; what operators did is not counted.
    public var isFit: Bool
    /// It has none yet, and the first probe of one has not ended: it may be fit.
    public var isUnknown: Bool
    /// Over the last 10 s.
    public var requestsPerSecond: Double
    /// Of those, 0–1; 0 without requests.
    public var errorShare: Double
    public init(
        id: CellID, name: String, configuredPercent: Int, capacity: Int? = nil, isFit: Bool = true,
        isUnknown: Bool = false, requestsPerSecond: Double = 0, errorShare: Double = 0
    ) {
        (self.id, self.name, self.configuredPercent) = (id, name, configuredPercent)
        (self.capacity, self.isFit, self.isUnknown) = (capacity, isFit, isUnknown)
        (self.requestsPerSecond, self.errorShare) = (requestsPerSecond, errorShare)
    }
}

extension IntentView {
    enum Found: Equatable {
        case cell(IntentCell, in: IntentRegion)
        case region(IntentRegion)

        var name: String {
            switch self {
            case .cell(let cell, _): cell.name
            case .region(let region): region.name
            }
        }
    }

    func region(named name: String) throws(OperatorRefusal) -> IntentRegion {
        if let region = regions.first(where: { $0.name == name }) { return region }
        throw OperatorRefusal(.unknownTarget, "no region “\(name)”; there are \(regionNames)")
    }

    func cell(named name: String) throws(OperatorRefusal) -> (cell: IntentCell, region: IntentRegion) {
        if let found = lookUp(cell: name) { return found }
        throw OperatorRefusal(.unknownTarget, "no cell “\(name)”; there are \(cellNames)")
    }

    /// A cell or a region, by its name or by `cell/NAME` or `region/NAME`.
    func target(named name: String) throws(OperatorRefusal) -> Found {
        if name.hasPrefix("cell/") {
            let (cell, region) = try cell(named: String(name.dropFirst(5)))
            return .cell(cell, in: region)
        }
        if name.hasPrefix("region/") { return .region(try region(named: String(name.dropFirst(7)))) }
        let region = regions.first { $0.name == name }
        switch (lookUp(cell: name), region) {
        case (nil, nil):
            throw OperatorRefusal(
                .unknownTarget,
                "no cell or region “\(name)”; there are the cells \(cellNames) and the regions \(regionNames)")
        case (.some, .some):
            throw OperatorRefusal(
                .ambiguousTarget, "“\(name)” is a cell and a region: say cell/\(name) or region/\(name)")
        case (let found?, nil): return .cell(found.cell, in: found.region)
        case (nil, let region?): return .region(region)
        }
    }

    /// What a drain of that name would empty.
    public func drainTarget(named name: String) throws(OperatorRefusal) -> DrainTarget {
        try target(named: name).target
    }

    private func lookUp(cell name: String) -> (cell: IntentCell, region: IntentRegion)? {
        for region in regions {
            if let cell = region.cells.first(where: { $0.name == name }) { return (cell, region) }
        }
        return nil
    }

    /// Nil: it is not configured any more.
    func reading(of target: DrainTarget) -> UndrainBrake.Reading? {
        switch target {
        case .region(let id): regions.first { $0.id == id }.map { IntentView.reading(of: $0.cells) }
        case .cell(let id): regions.flatMap(\.cells).first { $0.id == id }.map { IntentView.reading(of: [$0]) }
        }
    }

    private static func reading(of cells: [IntentCell]) -> UndrainBrake.Reading {
        let rate = cells.reduce(0) { $0 + $1.requestsPerSecond }
        let errors = cells.reduce(0) { $0 + $1.requestsPerSecond * $1.errorShare }
        return UndrainBrake.Reading(requestsPerSecond: rate, errorShare: rate > 0 ? errors / rate : 0)
    }

    private var cellNames: String { IntentView.list(regions.flatMap(\.cells).map(\.name)) }
    private var regionNames: String { IntentView.list(regions.map(\.name)) }

    /// At most so many names that a sentence stays one.
    static func list(_ names: [String]) -> String {
        let most = 8
        let shown = names.prefix(most).joined(separator: ", ")
        return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }
}
