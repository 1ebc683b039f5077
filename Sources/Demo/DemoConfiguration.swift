public import Model

/// The configuration file of the demo's edge: the text a person would write for these regions.
public struct DemoConfiguration: Equatable, Sendable {
    public var topology: DemoTopology
    /// Port 0: the kernel's choice.
    public var listener: Address
    /// Nil: no TCP listener for the admin API.
    public var admin: Address?
    /// Of the admin API's Unix socket.
    public var socketPath: String
    public var certificatePath: String
    public var keyPath: String
    public var accessLogPath: String
    public var statePath: String

    /// - Parameter folder: where socket, state and access log shall be.
    public init(
        topology: DemoTopology, listener: Address, admin: Address?, folder: String, certificatePath: String,
        keyPath: String
    ) {
        (self.topology, self.listener, self.admin) = (topology, listener, admin)
        (self.certificatePath, self.keyPath) = (certificatePath, keyPath)
        (socketPath, accessLogPath) = ("\(folder)/portolan.sock", "\(folder)/access.log")
        statePath = "\(folder)/portolan.db"
    }

    /// As YAML, in the format of docs/configuration.md.
    public var text: String {
        var lines = [
            "# Written by `portolan demo`.", "version: 1",
            "edge: {name: demo-edge, region: \(topology.regions[0].name), expose_decision: true, grace: 5s}",
            "listeners:", "  - name: public", "    address: \"\(listener)\"",
            "    tls: {certificates: [{certificate: \"\(certificatePath)\", key: \"\(keyPath)\"}]}",
            "    trust: {x_region: true, tenant: true, from: [\"127.0.0.0/8\", \"::1\"]}",
        ]
        let address = admin.map { "address: \"\($0)\", " } ?? ""
        lines += [
            "admin: {\(address)socket: \"\(socketPath)\", metrics: open}", "state: {sqlite: \"\(statePath)\"}",
            "regions:",
        ]
        for region in topology.regions {
            lines += ["  \(region.name):", "    jurisdiction: \(region.jurisdiction)", "    cells:"]
            for cell in region.cells {
                let endpoints = cell.endpoints.map { "\"\($0.address)\"" }.joined(separator: ", ")
                lines.append("      \(cell.name): {endpoints: [\(endpoints)]}")
            }
        }
        lines += [
            "upstream: {protocol: h2c}", "health: {path: /healthz, interval: 1s, timeout: 1s, fall: 3, rise: 5}",
            "routes:", "  - {name: pinned, match: {path_prefix: /pinned}, on_x_region: force}",
            "  - {name: default, match: {}, retries: 1, timeout: 60s}",
            "access_log: {path: \"\(accessLogPath)\"}",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
