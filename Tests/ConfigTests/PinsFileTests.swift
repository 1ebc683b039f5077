import Config
import Foundation
import Model
import Testing

/// A file of pins is checked like the configuration, and its mistakes are at places of its own.
struct PinsFileTests {
    private static let tenants = """
        tenants: {pins_file: tenants.csv}
        regions:
          us-east: {jurisdiction: us, edge: a.example}
          eu-west: {jurisdiction: eu, edge: b.example}
        """

    @Test func aPinsFileIsRead() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", Sample.completing(PinsFileTests.tenants))
        try folder.write("tenants.csv", "tenant,home,residency\n# ours\nacme,eu-west,eu\r\n\nglobex,us-east,us;eu\n")
        let loaded = try ConfigurationLoader(environment: [:]).load(path: folder.path + "/edge.yaml")
        #expect(
            loaded.configuration.tenants.pins == [
                Configuration.Pin(tenant: "acme", home: "eu-west", residency: ["eu"]),
                Configuration.Pin(tenant: "globex", home: "us-east", residency: ["us", "eu"]),
            ])
    }

    @Test func aPinsFileHasPlacesOfItsOwn() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", Sample.completing(PinsFileTests.tenants + "\nlimits: {turn_frames: x}"))
        try folder.write(
            "tenants.csv",
            "acme,eu-wets,eu\nacme,eu-west,eu;uk\n"
                + "globex,us-east,eu\nini tech,us-east,us\nhooli,us-east\nacme,us-east,us\n"
        )
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:5:23: error: limits.turn_frames is \"x\" (a whole number from 1 to 10000)",
                "DIR/tenants.csv:1:6: error: \"eu-wets\", which is no region here (did you mean \"eu-west\"?)",
                "DIR/tenants.csv:2:17: error: \"uk\", which is no jurisdiction here (did you mean \"us\"?)",
                "DIR/tenants.csv:3:16: error: residency keeps the tenant out of its home us-east, which lies in us "
                    + "(us among them, or another home)",
                "DIR/tenants.csv:4:1: error: \"ini tech\" is not allowed "
                    + "(1 to 128 visible ASCII characters without a comma, such as acme)",
                "DIR/tenants.csv:5:1: error: has 2 fields (tenant,home,jurisdiction;jurisdiction)",
                "DIR/tenants.csv:6:1: error: the tenant \"acme\" is there already, in line 2 (each tenant once)",
            ])
    }
}
