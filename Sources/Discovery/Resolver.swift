import Dispatch
import Glibc
public import Model

/// Looks names up, all at once, through the system's resolver (/etc/hosts, DNS: whatever nsswitch.conf says).
///
/// Of a name with addresses of both families the IPv4 ones are taken: an endpoint is one address, and a service that
/// listens on one family alone would else count as half down (`localhost` is the usual case).
public struct Resolver: Sendable {
    /// What one lookup found: at least one address, or why there is none. May block.
    public typealias Lookup = @Sendable (String) -> Result<[IPAddress], LookupFailure>

    /// Why one name has no address.
    public struct LookupFailure: Error, Equatable, Sendable {
        public let reason: String
        public init(reason: String) { self.reason = reason }
    }

    private let lookup: Lookup

    /// - Parameter lookup: in place of the system's resolver, for tests.
    public init(lookup: @escaping Lookup = Resolver.systemLookup) { self.lookup = lookup }

    /// The addresses of every name, without duplicates, in the resolver's order; or all failures together.
    public func resolve(_ names: Set<String>) async throws(ResolutionError) -> [String: [IPAddress]] {
        let sorted = names.sorted()
        let results = await withTaskGroup(of: (Int, Result<[IPAddress], LookupFailure>).self) { group in
            for (index, name) in sorted.enumerated() { group.addTask { (index, await offload(name)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var addresses: [String: [IPAddress]] = [:]
        var failures: [ResolutionError.Failure] = []
        for (index, name) in sorted.enumerated() {
            switch results[index] {
            case .success(let found): addresses[name] = Resolver.preferred(found)
            case .failure(let failure): failures.append(.init(name: name, reason: failure.reason))
            case nil: preconditionFailure("a lookup ended without a result")
            }
        }
        if !failures.isEmpty { throw ResolutionError(failures: failures) }
        return addresses
    }

    /// getaddrinfo blocks for seconds when a name server is dark: not on a thread that the control plane needs.
    private func offload(_ name: String) async -> Result<[IPAddress], LookupFailure> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: lookup(name)) }
        }
    }

    static func preferred(_ found: [IPAddress]) -> [IPAddress] {
        let v4 = found.filter { !$0.isIPv6 }
        var seen = Set<IPAddress>()
        return (v4.isEmpty ? found : v4).filter { seen.insert($0).inserted }
    }

    /// getaddrinfo(3).
    public static let systemLookup: Lookup = { name in
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { return .failure(LookupFailure(reason: String(cString: gai_strerror(code)))) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let address = info.ai_addr.flatMap(Resolver.address) { found.append(address) }
            entry = info.ai_next
        }
        return found.isEmpty ? .failure(LookupFailure(reason: "no address")) : .success(found)
    }

    private static func address(_ pointer: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let raw = UnsafeRawPointer(pointer)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET:
            return IPAddress(v4: UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            let offset = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8
            return IPAddress(
                high: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
                low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
        default: return nil
        }
    }
}
