import Model
import Testing

@testable import Probes

struct ProbeTargetTests {
    static func target(_ address: Address, authority: String? = nil) -> ProbeTarget {
        var health = Configuration.Health()
        health.authority = authority
        return ProbeTarget(
            endpoint: EndpointID(rawValue: 1), address: address, upstream: Configuration.Upstream(), health: health,
            serverName: "a.test")
    }

    @Test(
        "the authority is the setting, else the address",
        arguments: [
            (target(.ip(.loopback, port: 80)), "127.0.0.1:80"),
            (target(.ip(.loopback, port: 80), authority: "a.test"), "a.test"),
            (target(.unix(path: "/run/a.sock")), "localhost"),
        ])
    func authority(target: ProbeTarget, authority: String) {
        #expect(target.authority == authority)
    }

    @Test func aConnectionServesWhatConnectsTheSameWay() {
        let one = ProbeTargetTests.target(.ip(.loopback, port: 80))
        var other = one
        other.health.path = "/other"
        #expect(one.sharesConnections(with: other))
        other.upstream.protocol = .h2
        #expect(!one.sharesConnections(with: other))
        other = one
        other.health.kind = .grpc
        #expect(one.sharesConnections(with: other))
        other.health.kind = .tcp
        #expect(!one.sharesConnections(with: other))
        #expect(!one.sharesConnections(with: ProbeTargetTests.target(.ip(.loopback, port: 81))))
    }
}
