import Model
import Policy

/// A log's layout laid over a configuration: which of its regions, cells and endpoints the configuration has, too.
final class LayoutMap: Sendable {
    let layout: LogLayout
    let ids: ReplayIDs
    private let configuration: Configuration
    private let registry: Registry
    private let builder: SnapshotBuilder
    private let maps: ReplayIDs.Maps
    // To find the ids of names in the log.
    private let regionIDs: [String: UInt16]
    private let cellIDs: [String: UInt16]
    private let endpointIDs: [EndpointKey: UInt32]

    private struct EndpointKey: Hashable {
        let cell: UInt16
        let address: String
    }

    /// Names and files of endpoints are not looked up: what they stood for is in the layout.
    init(_ layout: LogLayout, over loaded: Configuration) throws(RegistryError) {
        self.layout = layout
        let (configuration, resolved) = LayoutMap.complete(loaded, layout)
        self.configuration = configuration
        var registry = Registry()
        try registry.admit(configuration, resolved: resolved)
        self.registry = registry
        builder = SnapshotBuilder(configuration, registry, resolved: resolved)
        maps = LayoutMap.maps(layout, registry)
        ids = ReplayIDs(maps: maps)
        var (regionIDs, cellIDs, endpointIDs) = ([String: UInt16](), [String: UInt16](), [EndpointKey: UInt32]())
        for region in layout.regions {
            regionIDs[region.name] = region.id
            for cell in region.allCells {
                cellIDs["\(region.name)/\(cell.name)"] = cell.id
                for endpoint in cell.endpoints {
                    endpointIDs[EndpointKey(cell: cell.id, address: endpoint.address)] = endpoint.id
                }
            }
        }
        (self.regionIDs, self.cellIDs, self.endpointIDs) = (regionIDs, cellIDs, endpointIDs)
    }

    /// The world of one generation over the configuration.
    /// - Parameter pins: operators', which go before the configuration's.
    func world(_ log: LogSnapshot, _ pins: [Configuration.Pin]) -> ReplayWorld {
        var builder = builder
        builder.pin(pins)
        let snapshot = builder.snapshot(conditions(log), generation: max(1, log.generation))
        return ReplayWorld(snapshot, former: former(log, snapshot), formerRoutes: layout.routes, ids: ids)
    }

    // MARK: Reading lines

    /// The first decision that the line tells of; nil: it names what the layout does not have.
    func decision(_ line: LogLine, _ facts: DecisionFacts) -> DecisionRecord? {
        var record = DecisionRecord()
        record.generation = facts.generation ?? line.generation ?? 0
        (record.key, record.isKeyed) = (facts.key ?? 0, facts.key != nil)
        (record.hold, record.letGo, record.nearest) = (facts.hold, facts.letGo, facts.nearest)
        if let id = facts.region ?? line.region.flatMap({ regionIDs[$0] }) { record.region.rawValue = id }
        let cellName = "\(line.region ?? "-")/\(line.cell ?? "-")"
        if let id = facts.cell ?? cellIDs[cellName] { record.cell.rawValue = id }
        let key = EndpointKey(cell: record.cell.rawValue, address: line.endpoint ?? "-")
        if let id = facts.endpoint ?? endpointIDs[key] { record.endpoint.rawValue = id }
        guard let reason = facts.reason ?? line.reason.flatMap(Reason.init(named:)) else { return nil }
        record.reason = reason
        let isNamed = (line.region == nil) == (record.region == .none) || facts.region != nil
        return isNamed && (record.region == .none) == (record.endpoint == .none) ? record : nil
    }

    func name(ofRegion id: UInt16) -> String? { layout.regions.first { $0.id == id }?.name }

    // MARK: Laying out

    /// Endpoints whose addresses come from files and names are those of the log.
    private static func complete(
        _ loaded: Configuration, _ layout: LogLayout
    ) -> (Configuration, resolved: [Address: [Address]]) {
        var (configuration, resolved) = (loaded, [Address: [Address]]())
        for region in configuration.regions.indices {
            let logged = layout.regions.first { $0.name == configuration.regions[region].name }
            for place in configuration.regions[region].cells.indices {
                let cell = configuration.regions[region].cells[place]
                let known = logged?.cells.first { $0.name == cell.name }?.endpoints.map(\.address) ?? []
                let left = known.compactMap { Address($0) }.filter { !cell.endpoints.contains($0) }
                if let name = cell.endpoints.first(where: \.isName) {
                    resolved[name, default: []] += left
                } else if cell.endpointsPath != nil {
                    configuration.regions[region].cells[place].endpoints += left
                }
            }
        }
        return (configuration, resolved)
    }

    private static func maps(_ layout: LogLayout, _ registry: Registry) -> ReplayIDs.Maps {
        var maps = ReplayIDs.Maps()
        var nextGone = registry.cellCount
        for region in layout.regions {
            guard let id = registry.region(region.name) else { continue }
            maps.regions[region.id] = id
            for cell in region.allCells {
                let isReplication = cell.id == region.replication?.id
                let known = isReplication ? registry.replicationCell(in: id) : registry.cell(cell.name, in: id)
                if known == nil { nextGone += 1 }
                maps.cells[cell.id] = known ?? CellID(rawValue: UInt16(clamping: nextGone - 1))
                guard let known else { continue }
                for endpoint in cell.endpoints {
                    guard let address = Address(endpoint.address) else { continue }
                    maps.endpoints[endpoint.id] = registry.endpoint(address, in: known)
                }
            }
        }
        return maps
    }

    // MARK: Conditions

    private func conditions(_ log: LogSnapshot) -> Conditions {
        var conditions = Conditions()
        let states = Dictionary(log.cells.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        // What the log does not know is taken to be well.
        conditions.health = Array(repeating: .up, count: registry.endpointCount)
        for cell in layout.regions.flatMap(\.allCells) {
            guard let state = states[cell.id] else { continue }
            for endpoint in cell.endpoints {
                guard let id = maps.endpoints[endpoint.id] else { continue }
                conditions.health[id.index] = state.health(of: endpoint.id)
            }
            let warmth = state.warmth ?? []
            for place in stride(from: 0, to: warmth.count - 1, by: 2) {
                guard let id = maps.endpoints[warmth[place]] else { continue }
                conditions.warmth[id] = UInt8(clamping: warmth[place + 1])
            }
        }
        for region in configuration.regions { operate(region, log, states, &conditions) }
        conditions.latency = latency(log)
        for owner in log.owners ?? [] {
            guard let place = configuration.datasets.firstIndex(where: { $0.name == owner.dataset }),
                configuration.datasets[place].owner != nil, owner.epoch > configuration.datasets[place].epoch,
                let region = owner.region.flatMap({ maps.regions[$0] })
            else { continue }
            conditions.owners[place] = DatasetOwner(region: region, epoch: owner.epoch)
        }
        return conditions
    }

    /// The operators' words of then over the weights of this configuration, and the slices that follow.
    private func operate(
        _ region: Configuration.Region, _ log: LogSnapshot, _ states: [UInt16: LogSnapshot.Cell],
        _ conditions: inout Conditions
    ) {
        guard let id = registry.region(region.name) else { return }
        let logged = layout.regions.first { $0.name == region.name }
        let state = logged.flatMap { logged in log.regions.first { $0.id == logged.id } }
        let cells = region.servingCells.compactMap { cell in registry.cell(cell.name, in: id).map { (cell, $0) } }
        let before = cells.map { cell, _ in
            logged?.cells.first { $0.name == cell.name }.flatMap { states[$0.id] }?.bounded
        }
        let shares = RegionShares(
            zip(cells, before).map { cell, state in
                RegionShares.Cell(
                    configuredPercent: cell.0.weightPercent, setPercent: state?.set,
                    admissionPercent: state?.admission ?? 100)
            })
        for (place, cell) in cells.enumerated() {
            conditions.shares.append(
                CellShare(
                    cell: cell.1, weightPercent: shares.weightPercents[place], share: UInt16(shares.shares[place]),
                    leavingSlots: before[place]?.leaving ?? 0, resetsStreams: before[place]?.resets ?? false,
                    setPercent: before[place]?.set, admissionPercent: before[place]?.admission ?? 100))
        }
        let dial = min(100, max(0, state?.dial ?? 100))
        conditions.kept[id] = UInt16((dial * shares.keptShare + 99) / 100)
        if let dial = state?.dial { conditions.dials[id] = UInt8(clamping: dial) }
        guard !cells.isEmpty else { return }
        var slices = slices(of: logged, state, states)
        slices.rebalance(to: zip(cells, shares.shares).map { ($0.1, UInt16($1)) })
        conditions.buckets += slices.buckets
    }

    /// Of the log, under this configuration's ids.
    private func slices(
        of region: LogLayout.Region?, _ state: LogSnapshot.Region?, _ states: [UInt16: LogSnapshot.Cell]
    ) -> SliceMap {
        guard let region else { return SliceMap() }
        var buckets: [CellID] = []
        if let runs = state?.slices {
            for place in stride(from: 0, to: runs.count - 1, by: 2) {
                let count = min(max(0, runs[place + 1]), SliceMap.bucketCount - buckets.count)
                buckets += Array(repeating: CellID(rawValue: UInt16(clamping: runs[place])), count: count)
            }
        } else {
            let shares = region.cells.map { (cell: CellID(rawValue: $0.id), share: states[$0.id]?.share ?? 0) }
            buckets = SliceMap.fresh(shares)?.buckets ?? []
        }
        guard buckets.count == SliceMap.bucketCount else { return SliceMap() }
        return SliceMap(
            buckets: buckets.map { cell in
                let known = maps.cells[cell.rawValue] ?? .none
                return known.index < registry.cellCount ? known : .none
            })
    }

    /// Regions that the log does not know are the farthest, each alone in its band.
    private func latency(_ log: LogSnapshot) -> LatencyOrder {
        var bands = (0..<registry.regionCount).map { RegionSet(bits: 1 << UInt64($0)) }
        for region in log.regions {
            guard let id = maps.regions[region.id] else { continue }
            for other in region.band ?? [] { if let other = maps.regions[other] { bands[id.index].insert(other) } }
        }
        let order = log.order.compactMap { maps.regions[$0] }
        let others = configuration.regions.compactMap { registry.region($0.name) }.filter { !order.contains($0) }
        return LatencyOrder(order: order + others, bands: bands)
    }

    private func former(_ log: LogSnapshot, _ snapshot: Snapshot) -> FormerShares {
        let most = maps.cells.values.map { $0.index + 1 }.max() ?? 0
        var former = FormerShares(regionCount: snapshot.regions.count, cellCount: max(snapshot.cells.count, most))
        let states = Dictionary(log.cells.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        for region in layout.regions {
            guard let id = maps.regions[region.id] else { continue }
            let state = log.regions.first { $0.id == region.id }
            former.regions[id.index].capacity = region.capacity
            former.regions[id.index].keptShare = state?.kept ?? 10_000
            former.regions[id.index].band.insert(id)
            for other in state?.band ?? [] {
                if let other = maps.regions[other] { former.regions[id.index].band.insert(other) }
            }
            for cell in region.cells {
                guard let place = maps.cells[cell.id]?.index, place < former.cells.count else { continue }
                let state = states[cell.id]
                former.cells[place].region = id
                former.cells[place].share = state?.share ?? 0
                let available = cell.endpoints.count { (state?.health(of: $0.id) ?? .up) == .up }
                former.cells[place].availableCount = UInt32(available)
            }
        }
        return former
    }
}

extension LogSnapshot.Cell {
    /// Anybody may have written it: percents as arithmetic can bear them.
    fileprivate var bounded: LogSnapshot.Cell {
        var cell = self
        cell.set = set.map { min(100, max(0, $0)) }
        cell.admission = admission.map { min(100, max(0, $0)) }
        return cell
    }
}

extension Address {
    fileprivate var isName: Bool { if case .name = self { true } else { false } }
}

extension Reason {
    private static let byName = Dictionary(uniqueKeysWithValues: Reason.allCases.map { ($0.name, $0) })
    fileprivate init?(named name: String) {
        guard let reason = Reason.byName[name] else { return nil }
        self = reason
    }
}
