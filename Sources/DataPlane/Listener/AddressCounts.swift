import Model
import Reactor

/// How many connections each client address has open at one worker (limits.md, D3). Looked at on accept and close.
struct AddressCounts {
    private var counts: [IPAddress: Int] = [:]

    /// Counts one more, unless the address has `limit` already. Clients on this machine are not limited: they are
    /// neighbours, balancers and load generators.
    mutating func admits(_ peer: Peer, limit: Int) -> Bool {
        guard !peer.isUnix, !peer.address.isLoopback else { return true }
        let count = counts[peer.address, default: 0]
        guard count < limit else { return false }
        counts[peer.address] = count + 1
        return true
    }

    mutating func left(_ peer: Peer) {
        guard let count = counts[peer.address] else { return }
        counts[peer.address] = count > 1 ? count - 1 : nil
    }
}
