public import Model

/// Makes snapshots of one configuration: what the operator wrote, under the registry's ids, with the health of now.
public struct SnapshotBuilder: Sendable {
    private let configuration: Configuration
    private let registry: Registry

    /// The registry must have admitted the configuration.
    public init(_ configuration: Configuration, _ registry: Registry) {
        (self.configuration, self.registry) = (configuration, registry)
    }

    /// - Parameters:
    ///   - health: of endpoints; one that is not named is `unknown`.
    ///   - resolved: IP addresses and ports of the endpoints that are configured by `Address.name`. One without is
    ///     there but cannot be chosen.
    ///   - generation: one more than the last snapshot's; not 0.
    public func snapshot(
        health: [EndpointID: HealthState], resolved: [Address: Address] = [:], generation: UInt64
    ) -> Snapshot {
        precondition(generation > 0, "generation 0 is never used")
        var parts = emptyParts()
        for region in configuration.regions { add(region, health, resolved, to: &parts) }
        let local = configuration.edge.region
        let names = [local] + configuration.regions.map(\.name).filter { $0 != local }
        parts.order = names.map(regionID)
        parts.localRegion = regionID(local)
        parts.routes = configuration.routes.map { entry($0, &parts) }
        return Snapshot(parts, generation: generation)
    }

    /// Tables as long as ids were given out, everything absent.
    private func emptyParts() -> SnapshotParts {
        var parts = SnapshotParts()
        var (region, cell, endpoint) = (RegionEntry(), CellEntry(), EndpointEntry())
        (region.isPresent, region.takesNewWork) = (false, false)
        (cell.isPresent, endpoint.isPresent) = (false, false)
        parts.regions = Array(repeating: region, count: registry.regionCount)
        parts.cells = Array(repeating: cell, count: registry.cellCount)
        parts.endpoints = Array(repeating: endpoint, count: registry.endpointCount)
        parts.upstreams = Array(repeating: nil, count: registry.endpointCount)
        parts.trust = configuration.listeners.map(\.trust)
        parts.edgeName = configuration.edge.name
        parts.exposesDecision = configuration.edge.exposesDecision
        return parts
    }

    private func regionID(_ name: String) -> RegionID {
        guard let id = registry.region(name) else {
            preconditionFailure("region \(name) of a configuration that the registry has not admitted")
        }
        return id
    }

    /// Fit: active, and a cell has an endpoint that is known to be up. Open: one such cell has weight.
    private func add(
        _ region: Configuration.Region, _ health: [EndpointID: HealthState], _ resolved: [Address: Address],
        to parts: inout SnapshotParts
    ) {
        let id = regionID(region.name)
        var entry = RegionEntry()
        entry.name = parts.intern(region.name)
        entry.takesNewWork = region.mode == .active
        var ids: [CellID] = []
        for cell in region.cells {
            guard let cellID = registry.cell(cell.name, in: id) else {
                preconditionFailure("cell \(cell.name) of a configuration that the registry has not admitted")
            }
            ids.append(cellID)
            var cellEntry = CellEntry()
            (cellEntry.region, cellEntry.name) = (id, parts.intern(cell.name))
            cellEntry.weightPercent = UInt8(clamping: cell.weightPercent)
            cellEntry.share = UInt16(cellEntry.weightPercent) * 100
            addEndpoints(of: cell, cellID, &cellEntry, health, resolved, to: &parts)
            parts.cells[cellID.index] = cellEntry
            let isFit = entry.takesNewWork && cellEntry.isFit
            entry.isFit = entry.isFit || isFit
            entry.isOpen = entry.isOpen || (isFit && cellEntry.weightPercent > 0)
        }
        entry.cells = parts.list(ids)
        parts.regions[id.index] = entry
    }

    private func addEndpoints(
        of cell: Configuration.Cell, _ id: CellID, _ entry: inout CellEntry, _ health: [EndpointID: HealthState],
        _ resolved: [Address: Address], to parts: inout SnapshotParts
    ) {
        var (all, available): ([EndpointID], [EndpointID]) = ([], [])
        for address in cell.endpoints {
            guard let endpointID = registry.endpoint(address, in: id) else {
                preconditionFailure("endpoint \(address) of a configuration that the registry has not admitted")
            }
            if all.contains(endpointID) { continue }  // the same address twice is one endpoint
            var endpoint = EndpointEntry()
            (endpoint.cell, endpoint.region) = (id, entry.region)
            let target = target(address, cell, resolved)
            // Nowhere to connect to: not to be chosen, whatever a probe said of its last address.
            endpoint.health = target == nil ? .down : health[endpointID] ?? .unknown
            parts.endpoints[endpointID.index] = endpoint
            parts.upstreams[endpointID.index] = target
            // A panic chooses among all that are listed, so one without an address is not.
            if target != nil { all.append(endpointID) }
            if endpoint.health == .up { available.append(endpointID) }
        }
        (entry.endpoints, entry.available) = (parts.list(all), parts.list(available))
        entry.isFit = !available.isEmpty
    }

    private func target(
        _ address: Address, _ cell: Configuration.Cell, _ resolved: [Address: Address]
    ) -> UpstreamTarget? {
        let name = cell.upstream.serverName ?? SnapshotBuilder.serverName(address)
        switch address {
        case .ip, .unix: return UpstreamTarget(address: address, settings: cell.upstream, serverName: name)
        case .name:
            return resolved[address].map { UpstreamTarget(address: $0, settings: cell.upstream, serverName: name) }
        }
    }

    /// A Unix socket has no name of its own that a certificate could carry.
    private static func serverName(_ address: Address) -> String {
        switch address {
        case .ip(let address, _): address.description
        case .name(let name, _): name
        case .unix: "localhost"
        }
    }

    private func entry(_ route: Configuration.Route, _ parts: inout SnapshotParts) -> RouteEntry {
        var entry = RouteEntry()
        entry.name = parts.intern(route.name)
        let host = (route.match.host ?? "").lowercased()
        entry.hostIsSuffix = host.hasPrefix("*.")
        entry.host = parts.intern(entry.hostIsSuffix ? String(host.dropFirst()) : host)
        entry.pathPrefix = parts.intern(route.match.pathPrefix ?? "")
        entry.methods = route.match.methods.reduce(0) { $0 | SnapshotBuilder.bit(ofMethod: $1) }
        let first = parts.headerMatches.count
        for header in route.match.headers {
            let (name, value) = (parts.intern(header.name.lowercased()), parts.intern(header.value))
            parts.headerMatches.append(HeaderMatch(name: name, value: value))
        }
        entry.headers = TableRange(start: first, count: parts.headerMatches.count - first)
        entry.forcesXRegion = route.onXRegion == .force
        entry.isStreaming = route.isStreaming
        entry.panicIsOpen = route.panic == .open
        entry.isIdempotent = route.isIdempotent
        entry.retries = UInt8(clamping: route.retries)
        entry.timeoutMilliseconds = UInt32(clamping: route.timeoutMilliseconds)
        return entry
    }

    private static func bit(ofMethod token: String) -> UInt16 {
        Array(token.utf8).withUnsafeBytes { Method(ByteView($0)).bit }
    }
}
