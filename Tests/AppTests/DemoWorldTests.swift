import Config
import Demo
import Model
import Testing

@testable import App

struct DemoWorldTests {
    /// The demo shows people a real configuration: it has to load without a word of complaint.
    @Test func itsConfigurationIsValid() throws {
        let topology = DemoTopology.standard { name in .unix(path: "/demo/\(name)") }
        let text = DemoConfiguration(
            topology: topology, listener: .ip(.loopback, port: 0), admin: .ip(.loopback, port: 0), folder: "/demo",
            certificatePath: "/demo/dev.crt", keyPath: "/demo/dev.key"
        ).text
        let loaded = try ConfigurationLoader(environment: [:], checksFiles: false).load(text: text, file: "demo.yaml")
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.configuration.edge.region == topology.regions[0].name && loaded.configuration.edge.exposesDecision)
        let cells = loaded.configuration.regions.flatMap(\.cells)
        #expect(cells.map(\.name) == topology.regions.flatMap(\.cells).map(\.name))
        #expect(cells.flatMap(\.endpoints) == topology.regions.flatMap(\.cells).flatMap(\.endpoints).map(\.address))
    }
}
