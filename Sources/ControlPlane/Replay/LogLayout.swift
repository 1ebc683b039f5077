import Model

/// What the ids in an access log's snapshot lines and facts stand for, and what routes ask of headers: a line of its
/// own (`{"layout":…}`), written anew when any of it changes.
struct LogLayout: Codable, Equatable, Sendable {
    struct Endpoint: Codable, Equatable, Sendable {
        var id: UInt32
        var address: String
    }

    struct Cell: Codable, Equatable, Sendable {
        var id: UInt16
        var name: String
        var endpoints: [Endpoint]
    }

    struct Region: Codable, Equatable, Sendable {
        var id: UInt16
        var name: String
        /// Weight among the regions of a band.
        var capacity: UInt32
        var cells: [Cell]
        var replication: Cell?
        var allCells: [Cell] { cells + (replication.map { [$0] } ?? []) }
    }

    struct Header: Codable, Equatable, Hashable, Sendable {
        /// Lower case.
        var name: String
        /// Empty: any.
        var value: String
    }

    struct Route: Codable, Equatable, Sendable {
        var name: String
        /// All of which a request must have.
        var headers: [Header]
        /// What keys its requests: `token`, `producer NAME` or `header NAME`; after the producer what `hash_by` says of
        /// requests without one. Empty: nothing.
        var keys: [String]
    }

    /// Which life of which process wrote it: generations begin anew with each.
    var run: String
    /// The first generation that it holds for.
    var number: UInt64
    var regions: [Region]
    var routes: [Route]

    init(_ snapshot: Snapshot, run: String) {
        (self.run, number) = (run, snapshot.generation)
        regions = snapshot.regions.indices.filter { snapshot.regions[$0].isPresent }.map { index in
            let entry = snapshot.regions[index]
            return Region(
                id: UInt16(index), name: snapshot.view(entry.name).text, capacity: entry.capacity,
                cells: entry.cells.indices.map { LogLayout.cell(snapshot.cellLists[$0], snapshot) },
                replication: entry.replication == .none ? nil : LogLayout.cell(entry.replication, snapshot))
        }
        routes = LogLayout.routes(of: snapshot)
    }

    /// The same but for when it began.
    func describesSame(as other: LogLayout) -> Bool {
        regions == other.regions && routes == other.routes && run == other.run
    }

    /// `REGION/CELL`, or a refusal's code.
    func place(of record: DecisionRecord) -> String {
        guard let region = regions.first(where: { $0.id == record.region.rawValue }) else { return record.reason.name }
        return "\(region.name)/\(region.allCells.first { $0.id == record.cell.rawValue }?.name ?? "-")"
    }

    private static func cell(_ id: CellID, _ snapshot: Snapshot) -> Cell {
        let entry = snapshot.cells[id.index]
        return Cell(
            id: id.rawValue, name: snapshot.view(entry.name).text,
            endpoints: entry.endpoints.indices.map { index in
                let endpoint = snapshot.endpointLists[index]
                return Endpoint(id: endpoint.rawValue, address: snapshot.name(of: endpoint))
            })
    }

    static func routes(of snapshot: Snapshot) -> [Route] {
        snapshot.routes.indices.map { index in
            let route = snapshot.routes[index]
            return Route(
                name: snapshot.view(route.name).text,
                headers: route.headers.indices.map { place in
                    let match = snapshot.headerMatches[place]
                    return Header(name: snapshot.view(match.name).text, value: snapshot.view(match.value).text)
                }, keys: keys(of: route, snapshot))
        }
    }

    private static func keys(of route: RouteEntry, _ snapshot: Snapshot) -> [String] {
        let byHeader = route.hashBy.isEmpty ? [] : ["header \(snapshot.view(route.hashBy).text)"]
        switch route.sessions {
        case .token, .cookie: return ["token"]
        case .producer: return ["producer \(snapshot.view(snapshot.sessions.producerHeader).text)"] + byHeader
        case .none: return byHeader
        }
    }
}
