import Model
import Policy

/// What requests of one generation are decided over again, and what is known of the world they were decided in.
final class ReplayWorld: Sendable {
    let snapshot: Snapshot
    let former: FormerShares
    /// Ids of the requests' decisions to those of `snapshot`.
    let ids: ReplayIDs
    private let headers: [String: KnownHeaders]
    private let others: KnownHeaders
    private let keys: [[String]]

    /// - Parameter formerRoutes: those that there were when the requests came.
    init(_ snapshot: Snapshot, former: FormerShares, formerRoutes: [LogLayout.Route], ids: ReplayIDs) {
        (self.snapshot, self.former, self.ids) = (snapshot, former, ids)
        let fresh = LogLayout.routes(of: snapshot)
        keys = fresh.map(\.keys)
        var headers: [String: KnownHeaders] = [:]
        for route in formerRoutes where headers[route.name] == nil {
            headers[route.name] = KnownHeaders(route: route.name, former: formerRoutes, fresh: fresh)
        }
        self.headers = headers
        others = KnownHeaders(route: "", former: formerRoutes, fresh: fresh)
    }

    func headers(ofRoute name: String) -> KnownHeaders { headers[name] ?? others }

    /// What keys requests of the route.
    func keys(of route: RouteID) -> [String] { route.index < keys.count ? keys[route.index] : [] }
}

/// Says which id of a snapshot stands for the same name as another process's id.
struct ReplayIDs: Sendable {
    /// Nil: all are the same.
    private var maps: Maps?

    struct Maps: Sendable {
        var regions: [UInt16: RegionID] = [:]
        /// Cells that are gone have ids beyond the snapshot's: what they took is still known of them.
        var cells: [UInt16: CellID] = [:]
        var endpoints: [UInt32: EndpointID] = [:]
    }

    static let same = ReplayIDs(maps: nil)
    init(maps: Maps?) { self.maps = maps }

    func region(_ id: RegionID) -> RegionID { maps.map { $0.regions[id.rawValue] ?? .none } ?? id }
    func cell(_ id: CellID) -> CellID { maps.map { $0.cells[id.rawValue] ?? .none } ?? id }
    func endpoint(_ id: EndpointID) -> EndpointID { maps.map { $0.endpoints[id.rawValue] ?? .none } ?? id }

    func regions(_ set: RegionSet) -> RegionSet {
        set.members.map(region).reduce(into: RegionSet.empty) { if $1 != .none { $0.insert($1) } }
    }
}

extension RegionSet {
    /// By id.
    var members: [RegionID] {
        var (left, members): (UInt64, [RegionID]) = (bits, [])
        while left != 0 {
            members.append(RegionID(rawValue: UInt16(left.trailingZeroBitCount)))
            left &= left - 1
        }
        return members
    }
}
