import Model

/// The addresses that this edge will listen on; no two may claim the same port of the same interface.
struct BoundAddresses {
    private var bound: [(address: Address, owner: String)] = []

    /// Reports `value` if what it says overlaps what an earlier owner listens on.
    mutating func bind(_ address: Address, owner: String, _ value: Value) {
        if let other = bound.first(where: { BoundAddresses.overlap($0.address, address) }) {
            value.report(
                "is \"\(address)\", which overlaps \(other.owner) on \(other.address)", right: "an address of its own")
        }
        bound.append((address, owner))
    }

    /// IPv6 sockets are bound as IPv6 only, so 0.0.0.0 and [::] do not meet. Port 0 never meets another.
    private static func overlap(_ first: Address, _ second: Address) -> Bool {
        guard case .ip(let a, let port) = first, case .ip(let b, port) = second else { return first == second }
        guard port != 0, a.isIPv6 == b.isIPv6 else { return false }
        return a == b || isWildcard(a) || isWildcard(b)
    }

    private static func isWildcard(_ address: IPAddress) -> Bool { address.high == 0 && address.low == 0 }
}
