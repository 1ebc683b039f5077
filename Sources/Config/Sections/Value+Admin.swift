import Model

extension Value {
    /// `admin:` — where operators and scrapers connect.
    func admin(_ addresses: inout BoundAddresses) -> Configuration.Admin {
        var admin = Configuration.Admin()
        section { section in
            if let value = section["address"], let address = value.read(.admin) {
                admin.address = address
                addresses.bind(address, owner: "admin", value)
            }
            if let value = section["socket"], let path = value.read(.path(reading)) {
                if path.utf8.count <= Configuration.Admin.longestSocketPath {
                    admin.socketPath = path
                    addresses.bind(.unix(path: path), owner: "admin", value)
                } else {
                    value.report(
                        "makes \(path.utf8.count) bytes",
                        right: "a socket path of at most \(Configuration.Admin.longestSocketPath) bytes")
                }
            }
            if !section.has("address"), !section.has("socket") {
                section.value.report("listens nowhere", right: "address: 127.0.0.1:9443, socket: PATH, or both")
            }
            section["tls"]?.adminTLS(into: &admin)
            admin.clients = section["clients"]?.adminClients() ?? []
            section.checkAdmin(admin)
            section.read("metrics", .metricsAccess, into: &admin.opensMetrics)
        }
        return admin
    }

    private func adminTLS(into admin: inout Configuration.Admin) {
        var certificate = Configuration.Certificate(certificatePath: "", keyPath: "")
        section { section in
            section.requireFile("certificate", into: &certificate.certificatePath)
            section.requireFile("key", holdsSecret: true, into: &certificate.keyPath)
            guard section.has("client_authorities") else { return }
            var path = ""
            section.requireFile("client_authorities", into: &path)
            if !path.isEmpty { admin.clientAuthoritiesPath = path }
        }
        admin.certificate = certificate
    }

    private func adminClients() -> [Configuration.Admin.Client] {
        var names = Names()
        return (items(right: "a list of {name: NAME, role: viewer, operator or admin}") ?? []).map { item in
            var client = Configuration.Admin.Client()
            item.section { section in
                section.require("name", .text(upTo: 255), into: &client.name)
                if let name = section["name"], !client.name.isEmpty {
                    names.take(client.name, "client", at: name.place, reading)
                }
                section.require("role", .choice, into: &client.role)
            }
            return client
        }
    }
}

extension Section {
    fileprivate func checkAdmin(_ admin: Configuration.Admin) {
        if case .ip(let host, _)? = admin.address, !host.isLoopback, !has("tls") {
            self["address"]?.report(
                "is not loopback, and tokens would pass in plain text",
                right: "tls: with a certificate and its key, or a loopback address such as 127.0.0.1:9443")
        }
        if has("clients"), admin.clientAuthoritiesPath == nil, self["tls"]?.node.mapping?["client_authorities"] == nil {
            self["clients"]?.report(
                "is there, but no certificate of theirs would be believed", right: "tls: {client_authorities: PATH}")
        }
        if let path = self["tls"], admin.clientAuthoritiesPath != nil, admin.clients.isEmpty, !has("clients") {
            path.report(
                "asks clients for certificates, but none has a role",
                right: "clients: [{name: NAME, role: viewer}] beside tls", severity: .warning)
        }
    }
}

extension Kind where T == Bool {
    /// Who may read `/metrics`.
    fileprivate static var metricsAccess: Kind {
        Kind("open or token", orNil: { ["open": true, "token": false][$0] })
    }
}
