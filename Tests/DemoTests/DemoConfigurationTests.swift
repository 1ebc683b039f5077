import Model
import Testing

@testable import Demo

struct DemoConfigurationTests {
    @Test func itIsWhatAPersonWouldWrite() {
        let topology = DemoTopology(regions: [
            DemoTopology.Region(
                name: "here", jurisdiction: "us", distanceMilliseconds: 1,
                cells: [
                    DemoTopology.Cell(
                        name: "here-a",
                        endpoints: [1, 2].map { .init(name: "e\($0)", address: .ip(.loopback, port: $0)) })
                ])
        ])
        var configuration = DemoConfiguration(
            topology: topology, listener: .ip(.loopback, port: 8443), admin: .ip(.loopback, port: 9443), folder: "/d",
            certificatePath: "/d/dev.crt", keyPath: "/d/dev.key")
        #expect(
            configuration.text == """
                # Written by `portolan demo`.
                version: 1
                edge: {name: demo-edge, region: here, expose_decision: true, grace: 5s}
                listeners:
                  - name: public
                    address: "127.0.0.1:8443"
                    tls: {certificates: [{certificate: "/d/dev.crt", key: "/d/dev.key"}]}
                    trust: {x_region: true, tenant: true, from: ["127.0.0.0/8", "::1"]}
                admin: {address: "127.0.0.1:9443", socket: "/d/portolan.sock", metrics: open}
                state: {sqlite: "/d/portolan.db"}
                regions:
                  here:
                    jurisdiction: us
                    cells:
                      here-a: {endpoints: ["127.0.0.1:1", "127.0.0.1:2"]}
                upstream: {protocol: h2c}
                health: {path: /healthz, interval: 1s, timeout: 1s, fall: 3, rise: 5}
                routes:
                  - {name: pinned, match: {path_prefix: /pinned}, on_x_region: force}
                  - {name: default, match: {}, retries: 1, timeout: 60s}
                access_log: {path: "/d/access.log"}

                """)
        configuration.admin = nil
        #expect(configuration.text.contains("\nadmin: {socket: \"/d/portolan.sock\", metrics: open}\n"))
    }
}
