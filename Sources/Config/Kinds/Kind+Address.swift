import Foundation
import Model

extension Kind where T == Address {
    /// Where a cell listens; a DNS name is resolved later and again.
    static func endpoint(_ reading: Reading) -> Kind {
        Kind("an address such as 10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock") { text in
            guard let address = Address(text) else { return wrong(text) }
            if case .unix(let path) = address { return socket(path, reading) }
            return port(of: address) == 0 ? .wrong(", which has port 0") : .value(address)
        }
    }

    /// Where Portolan listens: no name, for it may mean several addresses. Port 0 leaves the choice to the kernel.
    static func listener(_ reading: Reading) -> Kind {
        Kind("an address such as 0.0.0.0:8443, [::]:8443 or unix:edge.sock") { text in
            guard let address = Address(text) else { return wrong(text) }
            switch address {
            case .ip: return .value(address)
            case .unix(let path): return socket(path, reading)
            case .name(_, let port):
                return .wrong(", which is a name", right: "an IP address such as 127.0.0.1:\(port)")
            }
        }
    }

    /// Where the admin API listens; what it takes beyond loopback is the section's to say.
    static var admin: Kind {
        Kind("an address such as 127.0.0.1:9443") { text in
            guard let address = Address(text) else { return wrong(text) }
            guard case .ip = address else { return .wrong(", which is not an IP address with a port") }
            return .value(address)
        }
    }

    /// The commonest mistake has words of its own.
    private static func wrong(_ text: String) -> Parsed {
        let isHost = IPAddress(text) != nil || Address(text + ":1") != nil
        return isHost && !text.hasPrefix("unix:") ? .wrong(", which has no port") : .wrong()
    }

    private static func socket(_ path: String, _ reading: Reading) -> Parsed {
        let absolute = reading.absolutePath(path)
        if absolute.utf8.count < 108 { return .value(.unix(path: absolute)) }
        return .wrong(", which makes \(absolute.utf8.count) bytes", right: "a socket path of at most 107 bytes")
    }

    private static func port(of address: Address) -> UInt16? {
        switch address {
        case .ip(_, let port), .name(_, let port): port
        case .unix: nil
        }
    }
}

extension Kind where T == AddressRange {
    static var range: Kind {
        Kind("a range such as 10.0.0.0/8 or ::1/128, or a single address") { text in
            if let range = AddressRange(text) { return .value(range) }
            guard let network = network(text) else { return .wrong() }
            return .wrong(", which has bits set beyond its prefix", right: "\(network) is the network")
        }
    }

    /// The range meant by one whose address has bits beyond its prefix.
    private static func network(_ text: String) -> AddressRange? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), let length = UInt8(parts[1]),
            length <= (address.isIPv6 ? 128 : 32)
        else { return nil }
        let bits = UInt64(length)
        let high = bits == 0 ? 0 : address.high & (~0 << (64 - min(bits, 64)))
        let low = bits <= 64 ? 0 : address.low & (~0 << (128 - bits))
        let base = address.isIPv6 ? IPAddress(high: high, low: low) : IPAddress(v4: UInt32(high >> 32))
        return AddressRange(address: base, prefixLength: length)
    }
}

extension Kind where T == String {
    /// A host with or without a port, as an authority (RFC 9110 §7.2).
    static var authority: Kind {
        Kind("a host with or without a port, such as edge.example.com:8443") { text in
            let isAuthority = [text, text + ":443"].contains { candidate in
                guard let address = Address(candidate) else { return false }
                if case .unix = address { return false }
                return !candidate.hasSuffix(":0")
            }
            return isAuthority ? .value(text.lowercased()) : .wrong()
        }
    }

    /// A host as a route matches it: lower case, without a port, `*.` before a name for any one or more labels.
    static var matchHost: Kind {
        Kind("a host without a port, such as api.example.com or *.example.com") { text in
            let name = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
            switch Address(name + ":1") {
            case .name: return .value(text.lowercased())
            case .ip: return name == text ? .value(text.lowercased()) : .wrong()
            case .unix, nil: return Address(name) == nil ? .wrong() : .wrong(", which has a port")
            }
        }
    }

    /// A host name to send as SNI and verify; an address is verified without SNI.
    static var serverName: Kind {
        Kind("a host name or address without a port, such as app.example.com") { text in
            let isHost = IPAddress(text) != nil || Address(text + ":1") != nil
            return isHost && !text.hasPrefix("unix:") ? .value(text.lowercased()) : .wrong()
        }
    }

    static var url: Kind {
        Kind("a URL such as http://127.0.0.1:9187/metrics") { text in
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme), let host = url.host,
                !host.isEmpty, !hasControls(text)
            else { return .wrong() }
            return .value(text)
        }
    }
}
