import CResolv
import Glibc
import Model

/// Looks one name up as this machine is set up: /etc/hosts, then DNS by /etc/resolv.conf, then, for a name that DNS has
/// said it does not know, whatever else nsswitch.conf names (mDNS, the machine's own name).
///
/// getaddrinfo alone would do all of it, but tells no time to live.
public struct SystemLookup: Sendable {
    /// A DNS server in place of those of /etc/resolv.conf, for tests.
    public struct Server: Equatable, Sendable {
        public var address: UInt32
        public var port: UInt16
        public init(address: UInt32, port: UInt16) { (self.address, self.port) = (address, port) }
    }

    /// What /etc/hosts says is read again after this: a file that changes rarely and costs little.
    static let hostsLifeSeconds: UInt32 = 5
    /// What nobody gave a time to live.
    static let otherLifeSeconds: UInt32 = 30
    /// Of an answer by TCP (RFC 1035 §4.2.2).
    private static let maxMessageBytes = 65_535

    private let hostsPath: String
    private let server: Server?
    private let attempts: Int32
    private let asksOthers: Bool

    /// - Parameters:
    ///   - server: asked alone, by UDP, once a second and at most `attempts` times; nil: the machine's.
    ///   - asksOthers: what nsswitch.conf names besides.
    public init(
        hostsPath: String = "/etc/hosts", server: Server? = nil, attempts: Int32 = 2, asksOthers: Bool = true
    ) {
        (self.hostsPath, self.server, self.attempts, self.asksOthers) = (hostsPath, server, attempts, asksOthers)
    }

    /// Blocks, for seconds when a name server is dark.
    public func callAsFunction(_ name: String) -> Result<Answer, LookupFailure> {
        let known = HostsFile(path: hostsPath).addresses(of: name)
        if !known.isEmpty { return .success(Answer(known, lifeSeconds: SystemLookup.hostsLifeSeconds)) }
        let found = ask(name)
        guard asksOthers, case .failure(let failure) = found, failure.isFinal else { return found }
        let other = SystemLookup.other(name)
        return other.isEmpty ? found : .success(Answer(other, lifeSeconds: SystemLookup.otherLifeSeconds))
    }

    /// A; AAAA only of a name without one.
    private func ask(_ name: String) -> Result<Answer, LookupFailure> {
        let first = ask(name, cresolv_type_a)
        if case .success(let answer) = first, !answer.addresses.isEmpty { return first }
        if case .failure(let failure) = first, !failure.isFinal { return first }
        let second = ask(name, cresolv_type_aaaa)
        if case .success(let answer) = second, answer.addresses.isEmpty { return .failure(.noAddress) }
        return second
    }

    private func ask(_ name: String, _ type: Int32) -> Result<Answer, LookupFailure> {
        var message = [UInt8](repeating: 0, count: SystemLookup.maxMessageBytes)
        let count = cresolv_query(
            name, type, server?.address ?? 0, server?.port ?? 0, attempts, &message, Int32(message.count))
        switch count {
        case cresolv_no_such_name: return .failure(LookupFailure(reason: "no such name", isFinal: true))
        case cresolv_no_data: return .failure(.noAddress)
        case cresolv_try_again: return .failure(LookupFailure(reason: "no answer from DNS"))
        case ..<0: return .failure(LookupFailure(reason: "DNS refused to answer"))
        default:
            guard let answer = DNSMessage.answer(in: message[..<Int(count)]) else {
                return .failure(LookupFailure(reason: "DNS answered with nonsense"))
            }
            return .success(answer)
        }
    }

    /// getaddrinfo(3).
    private static func other(_ name: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let address = info.ai_addr.flatMap(SystemLookup.address) { found.append(address) }
            entry = info.ai_next
        }
        return found
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
