public import Model

/// Where the tour's edge is and how hard it is asked.
public struct TourSettings: Sendable {
    public var edge: Address
    /// `localhost:8443`: what requests name, and what the certificate is for.
    public var serverName = "localhost"
    public var port: UInt16
    /// PEM file of the authority that signed the edge's certificate.
    public var authoritiesPath: String
    /// The program as whoever started it called it.
    public var program = "portolan"
    /// Of the steps under load.
    public var requestsPerSecond = 200.0

    /// An edge on this machine.
    public init(port: UInt16, authoritiesPath: String) {
        (edge, self.port, self.authoritiesPath) = (.ip(.loopback, port: port), port, authoritiesPath)
    }

    /// Requests to the edge, with `x-region` where a region is named.
    public func load(region: String?, path: String = "/") -> LoadSettings {
        var load = LoadSettings(
            addresses: [edge], tls: LoadSettings.TLS(authoritiesPath: authoritiesPath, serverName: serverName))
        load.authority = "\(serverName):\(port)"
        load.path = path
        load.requestsPerSecond = requestsPerSecond
        load.connectionCount = 8
        if let region { load.headers = [Configuration.Header(name: "x-region", value: region)] }
        return load
    }

    /// What to try by hand while the demo serves.
    public func hints(adminPort: UInt16?, token: String?) -> String {
        let curl = "curl --http2 --cacert \(authoritiesPath)"
        let origin = "https://\(serverName):\(port)"
        var lines = [
            "Try it (each answer says in x-portolan-… headers who served it and why):",
            "  \(curl) -i \(origin)/hello",
            "  \(curl) -i -H 'x-region: eu-west' \(origin)/hello",
            "  \(curl) -i -H 'x-region: mars' \(origin)/hello            # unknown: as if absent",
            "  \(curl) -i -H 'x-region: mars' \(origin)/pinned/hello     # this route forces: 400",
        ]
        if let adminPort, let token {
            let admin = "http://localhost:\(adminPort)"
            lines += [
                "  \(admin)/                          # the dashboard; sign in with \(token)",
                "  export PORTOLAN_ADMIN=\(admin) PORTOLAN_TOKEN=\(token)",
                "  \(program) top; \(program) cells; \(program) drain use-a --now --reason 'try it' --wait",
                "  curl -s \(admin)/metrics            # for Prometheus",
            ]
        }
        return lines.joined(separator: "\n")
    }
}
