public import Model

/// The names behind a record's ids, as JSON strings ready to be copied into a line. Immutable; a new one is made when
/// a configuration is applied or endpoints come and go, since nothing else changes a name.
public struct LogNames: Sendable {
    /// Records of an older generation speak of an older configuration.
    public let firstGeneration: UInt64
    let listeners: [[UInt8]]
    let routes: [[UInt8]]
    let regions: [[UInt8]]
    let cells: [[UInt8]]
    let endpoints: [[UInt8]]
    /// Plain text for events.
    let snapshot: Snapshot

    public init(snapshot: Snapshot, listeners: [String]) {
        firstGeneration = snapshot.generation
        self.listeners = listeners.map(LogNames.quoted)
        routes = snapshot.routes.indices.map { LogNames.quoted(snapshot.name(of: RouteID(rawValue: UInt16($0)))) }
        regions = snapshot.regions.indices.map { LogNames.quoted(snapshot.name(of: RegionID(rawValue: UInt16($0)))) }
        cells = snapshot.cells.indices.map { LogNames.quoted(snapshot.name(of: CellID(rawValue: UInt16($0)))) }
        endpoints = snapshot.endpoints.indices.map {
            LogNames.quoted(snapshot.name(of: EndpointID(rawValue: UInt32($0))))
        }
        self.snapshot = snapshot
    }

    public func text(of region: RegionID) -> String { snapshot.name(of: region) }
    public func text(of route: RouteID) -> String { snapshot.name(of: route) }
    public func text(of cell: CellID) -> String { snapshot.name(of: cell) }

    /// Nil: nobody has that name.
    func region(named name: UnsafeRawBufferPointer) -> RegionID? { snapshot.region(named: ByteView(name)) }

    /// Nil where there is no such route, or it has none.
    func text(ofDatasetOf route: RouteID) -> String? {
        guard route.index < snapshot.routes.count else { return nil }
        let index = Int(snapshot.routes[route.index].dataset)
        return snapshot.datasets.indices.contains(index) ? snapshot.view(snapshot.datasets[index].name).text : nil
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var line = LineBuffer()
        line.append(quoted: text)
        return line.bytes
    }
}
