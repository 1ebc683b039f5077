import Model
import Testing

struct SnapshotTests {
    /// Three regions, the second of them gone; each with a cell, each cell with an endpoint.
    private static func build() -> Snapshot {
        var parts = SnapshotParts()
        for (index, name) in ["eu", "us", "ap"].enumerated() {
            var endpoint = EndpointEntry()
            endpoint.cell = CellID(rawValue: UInt16(index))
            parts.endpoints.append(endpoint)
            var cell = CellEntry()
            cell.name = parts.intern("\(name)-a")
            cell.endpoints = parts.list([EndpointID(rawValue: UInt32(index))])
            parts.cells.append(cell)
            var region = RegionEntry()
            (region.isPresent, region.isFit, region.isOpen) = (name != "us", true, name == "ap")
            region.name = parts.intern(name)
            region.cells = parts.list([CellID(rawValue: UInt16(index))])
            parts.regions.append(region)
        }
        var route = RouteEntry()
        route.name = parts.intern("all")
        parts.routes = [route]
        parts.upstreams = [
            UpstreamTarget(address: .ip(.loopback, port: 8_080), settings: Configuration.Upstream(), serverName: ""),
            nil, nil,
        ]
        parts.order = [RegionID(rawValue: 2), RegionID(rawValue: 0)]
        return Snapshot(parts, generation: 7)
    }

    @Test func findsARegionByName() {
        let snapshot = Self.build()
        #expect(snapshot.region(named: "eu") == RegionID(rawValue: 0))
        #expect(snapshot.region(named: "ap") == RegionID(rawValue: 2))
        for name: ByteView in ["us", "EU", "e", "eu-a", "", .absent] { #expect(snapshot.region(named: name) == nil) }
    }

    @Test func collectsRegionsThatAreFitAndOpen() {
        let snapshot = Self.build()
        #expect(snapshot.fit == RegionSet(bits: 0b101))
        #expect(snapshot.open == RegionSet(bits: 0b100))
        #expect(snapshot.generation == 7)
    }

    @Test func keepsTextAndRuns() {
        let snapshot = Self.build()
        #expect(snapshot.regions.indices.map { snapshot.view(snapshot.regions[$0].name).text } == ["eu", "us", "ap"])
        #expect(snapshot.cells[1].endpoints.indices.map { snapshot.endpointLists[$0].rawValue } == [1])
        #expect(snapshot.regions[2].cells.indices.map { snapshot.cellLists[$0].rawValue } == [2])
        #expect(snapshot.order.indices.map { snapshot.order[$0].rawValue } == [2, 0])
        #expect(snapshot.view(.empty).isEmpty)
    }

    @Test func namesWhatItKnowsAndNothingElse() {
        let snapshot = Self.build()
        #expect(snapshot.name(of: RegionID(rawValue: 1)) == "us")
        #expect(snapshot.name(of: CellID(rawValue: 2)) == "ap-a")
        #expect(snapshot.name(of: RouteID(rawValue: 0)) == "all")
        #expect(snapshot.name(of: EndpointID(rawValue: 0)) == "127.0.0.1:8080")
        #expect(snapshot.name(of: EndpointID(rawValue: 1)) == "-")
        #expect(snapshot.name(of: RegionID.none) == "-")
        #expect(snapshot.name(of: CellID.none) == "-")
        #expect(snapshot.name(of: RouteID.none) == "-")
        #expect(snapshot.name(of: EndpointID.none) == "-")
    }
}
