import Model
import Testing

@testable import Simulation

struct SceneTests {
    private static func region(_ name: String, _ endpoints: [Address]) -> Configuration.Region {
        var (region, cell) = (Configuration.Region(), Configuration.Cell())
        (region.name, region.jurisdiction) = (name, name)
        (cell.name, cell.weightPercent, cell.endpoints) = ("\(name)-a", 100, endpoints)
        region.cells = [cell]
        return region
    }

    @Test("a region that is served through its edge, by name, is played with and probed as the edge would")
    func edges() throws {
        var configuration = BuiltInWorld.configuration
        configuration.regions[2].cells = []
        configuration.regions[2].edge = "edge.example:8443"
        configuration.regions[0].replicationHealth.intervalMilliseconds = 7_000
        let scene = try Scene(configuration)
        let cell = try #require(scene.first.cells.indices.first { scene.cellName($0) == "eu-west-edge" })
        #expect(scene.endpointsOfCell[cell].count == 1 && scene.healths[cell].kind == .tcp)
        #expect(scene.target("edge") == .edge && scene.target("eu-west-edge") == .cell(cell))
        let replication = try #require(scene.first.cells.indices.first { scene.first.cells[$0].isReplication })
        #expect(scene.healths[replication].intervalMilliseconds == 7_000)
        var campaign = Campaign()
        campaign.shrinks = false
        #expect(try campaign.run(scene).failure == nil)
    }

    @Test("without any endpoint there is nothing to simulate")
    func empty() throws {
        var configuration = BuiltInWorld.configuration
        configuration.regions = [Self.region("us-east", []), Self.region("us-west", []), Self.region("eu-west", [])]
        #expect(throws: Scene.NothingToSimulate()) { try Scene(configuration) }
        #expect("\(Scene.NothingToSimulate())".contains("nothing to simulate"))
        configuration.regions[1].cells[0].endpoints = [.ip(.loopback, port: 1)]
        #expect(try Scene(configuration).first.endpoints.count == 1)
    }
}
