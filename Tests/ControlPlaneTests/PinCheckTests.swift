import Model
import Support
import Testing

@testable import ControlPlane

struct PinCheckTests {
    static let rows: [(tenant: String, home: String, residency: [String], says: String?)] = [
        ("acme", "eu-west", [], nil), ("acme", "eu-west", ["us", "eu"], nil),
        ("", "eu-west", [], "1 to 128 visible ASCII"), ("a,b", "eu-west", [], "without a comma"),
        (String(repeating: "x", count: 129), "eu-west", [], "1 to 128"),
        ("acme", "mars", [], "no region “mars” to be the home of acme; there are us-east, eu-west"),
        ("acme", "eu-west", ["eu", "mars"], "no region lies in the jurisdiction “mars”; there are eu, us"),
        ("acme", "eu-west", ["us"], "give eu among them, or another home"),
    ]

    @Test("a pin agrees with the configuration, or is refused with what would be right", arguments: rows)
    func names(tenant: String, home: String, residency: [String], says: String?) {
        let pin = Configuration.Pin(tenant: tenant, home: home, residency: residency)
        let problem = PinCheck.problem(with: pin, .small)
        #expect((problem == nil) == (says == nil) && problem?.contains(says ?? "") ?? true, "\(problem ?? "nothing")")
    }

    @Test("a home takes its tenants' writes, and its edge what is redirected to it")
    func homes() {
        var configuration = Configuration.small
        var (dataset, route) = (Configuration.Dataset(), Configuration.Route())
        (dataset.name, dataset.owner, route.name, route.dataset) = ("orders", "us-east", "write", "orders")
        (configuration.datasets, configuration.routes) = ([dataset], [route])
        let pin = Configuration.Pin(tenant: "acme", home: "eu-west", residency: [])
        #expect(PinCheck.problem(with: pin, configuration)?.contains("writes of route write") == true)
        configuration.regions[1].replicationBackends = [.ip(.loopback, port: 1)]
        #expect(PinCheck.problem(with: pin, configuration) == nil)
        configuration.tenants.misroute = .redirect
        #expect(PinCheck.problem(with: pin, configuration)?.contains("no edge to redirect to") == true)
        configuration.regions[1].edge = "edge.example.com:443"
        #expect(PinCheck.problem(with: pin, configuration) == nil)
    }
}
