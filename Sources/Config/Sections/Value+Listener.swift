import Model

extension Value {
    /// `listeners:` — where clients connect.
    func listeners(_ addresses: inout BoundAddresses) -> [Configuration.Listener] {
        var names = Names()
        guard let items = items(right: "a list of at least one listener") else { return [] }
        return items.map { $0.listener(&names, &addresses) }
    }

    private func listener(_ names: inout Names, _ addresses: inout BoundAddresses) -> Configuration.Listener {
        var listener = Configuration.Listener()
        section { section in
            section.require("name", .name("public"), into: &listener.name)
            if let name = section["name"], !listener.name.isEmpty {
                names.take(listener.name, "listener", at: name.place, reading)
            }
            if let value = section.required("address", right: Kind.listener(reading).expected),
                let address = value.read(.listener(reading))
            {
                listener.address = address
                addresses.bind(address, owner: "listener \(listener.name)", value)
            }
            var protocols = ["h2"]
            section.readList("protocols", .listenerProtocol, into: &protocols)
            section["tls"]?.readTLS(into: &listener)
            if let trust = section["trust"] { listener.trust = trust.trust() }
            section.warnOfPlainText(listener)
        }
        return listener
    }

    private func readTLS(into listener: inout Configuration.Listener) {
        listener.certificates = []
        section { section in
            let right = "a list of {certificate: PATH, key: PATH}, the first for clients that name no host"
            let items = section.required("certificates", right: right)?.items(right: right)
            listener.certificates = (items ?? []).map { $0.certificate() }
            section["clients"]?.section { clients in
                var path = ""
                clients.requireFile("authorities", into: &path)
                if !path.isEmpty { listener.clientAuthoritiesPath = path }
                clients.read("required", .flag, into: &listener.requiresClientCertificate)
            }
        }
    }

    /// A certificate chain and its key, both PEM files.
    func certificate() -> Configuration.Certificate {
        var certificate = Configuration.Certificate(certificatePath: "", keyPath: "")
        section { section in
            section.requireFile("certificate", into: &certificate.certificatePath)
            section.requireFile("key", holdsSecret: true, into: &certificate.keyPath)
        }
        return certificate
    }

    private func trust() -> Configuration.Trust {
        var trust = Configuration.Trust()
        section { section in
            section.read("x_region", .flag, into: &trust.xRegion)
            section.read("tenant", .flag, into: &trust.tenant)
            _ = section.required("from", right: "a list of ranges such as 10.0.0.0/8; without any, nobody is trusted")
            section.readList("from", .range, into: &trust.from)
            if trust.from.contains(where: { $0.prefixLength == 0 }) {
                section["from"]?.report("trusts every machine there is", right: "your own networks", severity: .warning)
            }
        }
        return trust
    }
}

extension Section {
    fileprivate func warnOfPlainText(_ listener: Configuration.Listener) {
        guard !has("tls"), let value = self["address"], case .ip(let host, _) = listener.address, !host.isLoopback
        else { return }
        value.report(
            "takes requests from other machines without TLS", right: "tls: with certificates, or a loopback address",
            severity: .warning)
    }
}

extension Kind where T == String {
    fileprivate static var listenerProtocol: Kind {
        Kind("h2") { text in
            switch text {
            case "h2": .value(text)
            case "http/1.1": .wrong(", which is not supported yet")
            default: .wrong()
            }
        }
    }
}
