public import Model
import Policy

/// What a configuration gives the simulator to play with, worked out once: names as bytes, who is where, and what each
/// tenant is allowed, read from the configuration and not from Policy, which is to be checked by it.
public final class Scene: Sendable {
    struct Tenant: Sendable {
        let name: StaticBytes
        /// Regions that its data may touch.
        let allowed: RegionSet
    }

    struct RouteTexts: Sendable {
        let host: StaticBytes
        let path: StaticBytes
        let methods: [Method]
    }

    /// No cell lists an endpoint: all of them may be in endpoint files, which are read while an edge runs.
    public struct NothingToSimulate: Error, Equatable, CustomStringConvertible {
        public var description: String {
            "no cell of this configuration lists an endpoint, and endpoint files are not read here: nothing to simulate"
        }
    }

    public static let producerCount = 400

    public let configuration: Configuration
    /// Addresses for the endpoints that are configured by name: nobody resolves anything here.
    let resolved: [Address: [Address]]
    /// As the steering makes it of this configuration before anything happens.
    let first: Snapshot
    let tenants: [Tenant]
    let regionNames: [StaticBytes]
    let routes: [RouteTexts]
    let producers: [StaticBytes]
    /// Endpoints by cell, by id.
    let endpointsOfCell: [[Int]]
    /// Cells by region, by id, the replication backend's among them.
    let cellsOfRegion: [[Int]]
    /// How each cell's endpoints are probed, by id.
    let healths: [Configuration.Health]
    let everywhere: RegionSet

    /// The configuration must be one that `check` accepts. Throws what the steering throws, and `NothingToSimulate`.
    public init(_ configuration: Configuration) throws {
        self.configuration = configuration
        resolved = Scene.addresses(configuration)
        let steering = try Steering(configuration, resolved: resolved, seed: 0, now: .zero)
        first = steering.snapshot
        if first.endpoints.indices.isEmpty { throw NothingToSimulate() }
        var (endpoints, cells) = ([[Int]](), [[Int]]())
        for _ in first.cells.indices { endpoints.append([]) }
        for _ in first.regions.indices { cells.append([]) }
        for index in first.endpoints.indices { endpoints[first.endpoints[index].cell.index].append(index) }
        for index in first.cells.indices { cells[first.cells[index].region.index].append(index) }
        (endpointsOfCell, cellsOfRegion) = (endpoints, cells)
        everywhere = first.present
        var healths = Array(repeating: Configuration.Health(), count: first.cells.count)
        for region in configuration.regions {
            guard let id = steering.registry.region(region.name) else { continue }
            for cell in region.servingCells {
                if let cellID = steering.registry.cell(cell.name, in: id) { healths[cellID.index] = cell.health }
            }
            guard let cell = region.replicationCell, let cellID = steering.registry.replicationCell(in: id) else {
                continue
            }
            healths[cellID.index] = cell.health
        }
        self.healths = healths
        tenants = Scene.tenants(configuration)
        regionNames = configuration.regions.map { StaticBytes($0.name) }
        routes = configuration.routes.map(Scene.texts)
        producers = (0..<Scene.producerCount).map { StaticBytes("producer-\($0)") }
    }

    /// A name that no configuration has.
    static let unknownRegion = StaticBytes("nowhere-1")

    private static func addresses(_ configuration: Configuration) -> [Address: [Address]] {
        var addresses: [Address: [Address]] = [:]
        let all = configuration.regions.flatMap(\.allCells).flatMap(\.endpoints)
        for case .name(let name, let port) in all { addresses[.name(name, port: port)] = [.ip(.loopback, port: port)] }
        return addresses
    }

    /// Up to 60 pinned ones, and some that nobody pinned.
    private static func tenants(_ configuration: Configuration) -> [Tenant] {
        var tenants: [Tenant] = []
        for pin in configuration.tenants.pins.prefix(60) {
            var allowed = RegionSet.empty
            for (index, region) in configuration.regions.enumerated() where pin.residency.contains(region.jurisdiction)
            {
                allowed.insert(RegionID(rawValue: UInt16(index)))
            }
            tenants.append(Tenant(name: StaticBytes(pin.tenant), allowed: allowed))
        }
        let all = RegionSet(bits: configuration.regions.count == 64 ? .max : (1 << configuration.regions.count) - 1)
        for index in 0..<3 { tenants.append(Tenant(name: StaticBytes("unpinned-\(index)"), allowed: all)) }
        return tenants
    }

    private static func texts(_ route: Configuration.Route) -> RouteTexts {
        let host = route.match.host ?? "simulated.example"
        let methods = route.match.methods.map { name in
            Array(name.utf8).withUnsafeBytes { Method(ByteView($0)) }
        }
        return RouteTexts(
            host: StaticBytes(host.hasPrefix("*") ? "a\(host.dropFirst())" : host),
            path: StaticBytes(route.match.pathPrefix ?? "/"), methods: methods)
    }
}
