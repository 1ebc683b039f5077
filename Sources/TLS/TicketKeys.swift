import COpenSSL
import Synchronization

/// The keys that session tickets are sealed with (RFC 5077 §4, RFC 8446 §4.6.1): one that seals, and the one before it,
/// which still opens. Shared by the contexts of all workers and kept over a reload, so that a client resumes wherever
/// the kernel puts it. Any thread; the lock is held for a copy of 160 bytes, once a handshake.
public final class TicketKeys: Sendable {
    /// `current` seals; `previous` only opens, and its tickets are replaced by new ones.
    private struct Pair {
        var current: TicketKey
        var previous: TicketKey?
    }

    private let pair: Mutex<Pair>

    /// Fresh random keys; tickets of another process are not accepted.
    public init() throws(TLSError) { pair = Mutex(Pair(current: try TicketKey.random(), previous: nil)) }

    /// Makes a new key the sealing one. Tickets sealed two rotations ago become worthless, which is what bounds how far
    /// back a stolen key opens recorded TLS 1.2 traffic: rotate every few hours. On error the keys stay as they are.
    public func rotate() throws(TLSError) {
        let fresh = try TicketKey.random()
        pair.withLock { pair in pair = Pair(current: fresh, previous: pair.current) }
    }

    var current: TicketKey { pair.withLock { pair in pair.current } }

    /// The key called `name`, and whether a ticket under it should be replaced. Nil: too old, or not ours.
    func key(named name: UnsafePointer<UInt8>) -> (key: TicketKey, isOld: Bool)? {
        let pair = pair.withLock { pair in pair }
        if pair.current.isNamed(name) { return (pair.current, false) }
        guard let previous = pair.previous, previous.isNamed(name) else { return nil }
        return (previous, true)
    }

    /// Makes `context` seal and open its tickets with these keys, which must outlive it.
    func attach(to context: OpaquePointer) -> Bool {
        SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque()) == 1
            && SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ticketCallback) == 1
    }
}

/// OpenSSL's question for a key. 1: go on, 2: go on and send a new ticket, 0: full handshake, -1: fail.
private func ticketCallback(
    session: OpaquePointer?, name: UnsafeMutablePointer<UInt8>?, vector: UnsafeMutablePointer<UInt8>?,
    cipher: OpaquePointer?, mac: OpaquePointer?, isSealing: Int32
) -> Int32 {
    guard let session, let name, let vector, let cipher, let mac,
        let pointer = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), 0)
    else { return -1 }
    let keys = Unmanaged<TicketKeys>.fromOpaque(pointer).takeUnretainedValue()
    if isSealing == 1 {
        return keys.current.seal(name: name, vector: vector, cipher: cipher, mac: mac) ? 1 : -1
    }
    guard let found = keys.key(named: name) else { return 0 }
    guard found.key.open(vector: vector, cipher: cipher, mac: mac) else { return -1 }
    return found.isOld ? 2 : 1
}
