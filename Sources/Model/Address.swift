/// An IPv4 or IPv6 address as its bytes: 4 in the low end of the array's first four, or 16.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    public let isIPv6: Bool
    /// Network order, the first 64 bits; for IPv4 the address stands in the top 32.
    public let high: UInt64
    public let low: UInt64

    public init(v4: UInt32) { (isIPv6, high, low) = (false, UInt64(v4) << 32, 0) }
    public init(high: UInt64, low: UInt64) { (isIPv6, self.high, self.low) = (true, high, low) }

    public static let loopback = IPAddress(v4: 0x7F00_0001)
    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv6 ? high == 0 && low == 1 : high >> 56 == 127 }

    /// Byte `index` of the address in network order.
    public func byte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - 8 * (index & 7)))
    }
}

/// Where something listens: what `127.0.0.1:80`, `[::1]:80`, `unix:/run/a.sock` and `name.example:80` say.
public enum Address: Hashable, Sendable {
    case ip(IPAddress, port: UInt16)
    case unix(path: String)
    case name(String, port: UInt16)
}

/// A range of addresses in CIDR notation, for `trust.from`.
public struct AddressRange: Hashable, Sendable, BitwiseCopyable {
    public let address: IPAddress
    /// Bits of `address` that count: 0–32 for IPv4, 0–128 for IPv6.
    public let prefixLength: UInt8

    public init(address: IPAddress, prefixLength: UInt8) {
        (self.address, self.prefixLength) = (address, prefixLength)
    }

    public func contains(_ other: IPAddress) -> Bool {
        guard address.isIPv6 == other.isIPv6 else { return false }
        let bits = UInt64(prefixLength)
        guard (address.high ^ other.high) & AddressRange.mask(min(bits, 64)) == 0 else { return false }
        return bits <= 64 || (address.low ^ other.low) & AddressRange.mask(bits - 64) == 0
    }

    private static func mask(_ bits: UInt64) -> UInt64 { bits == 0 ? 0 : ~0 << (64 - bits) }
}
