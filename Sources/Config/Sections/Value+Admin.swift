import Model

extension Value {
    /// `admin:` — where operators and scrapers connect.
    func admin(_ addresses: inout BoundAddresses) -> Configuration.Admin {
        var admin = Configuration.Admin()
        section { section in
            if let value = section["address"], let address = value.read(.admin(reading)) {
                admin.address = address
                addresses.bind(address, owner: "admin", value)
            }
            if let value = section["socket"], let path = value.read(.path(reading)) {
                if path.utf8.count < 108 {
                    admin.socketPath = path
                    addresses.bind(.unix(path: path), owner: "admin", value)
                } else {
                    value.report("makes \(path.utf8.count) bytes", right: "a socket path of at most 107 bytes")
                }
            }
            if !section.has("address"), !section.has("socket") {
                section.value.report("listens nowhere", right: "address: 127.0.0.1:9443, socket: PATH, or both")
            }
            admin.certificate = section["tls"]?.certificate()
            section.read("metrics", .metricsAccess, into: &admin.opensMetrics)
        }
        return admin
    }
}

extension Kind where T == Bool {
    /// Who may read `/metrics`.
    fileprivate static var metricsAccess: Kind {
        Kind("open or token", orNil: { ["open": true, "token": false][$0] })
    }
}
