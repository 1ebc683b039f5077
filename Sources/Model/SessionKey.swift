/// Who a producer is to the session table: 128 bits of its id, hashed under keys that only the edges know.
public struct SessionKey: Equatable, Hashable, Sendable, BitwiseCopyable {
    /// Also the `KeyHash` of the producer's requests.
    public var low: UInt64
    public var high: UInt64
    @inlinable public init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

    /// The key of a producer's id. The second key is derived from the first, so that one secret makes both.
    @inlinable public init(_ id: ByteView, _ key: SipHash.Key) {
        let other = SipHash.Key(low: key.low ^ 0x9E37_79B9_7F4A_7C15, high: key.high ^ 0xC2B2_AE3D_27D4_EB4F)
        self.init(low: SipHash.hash(id, key: key), high: SipHash.hash(id, key: other))
    }

    /// The key of a producer's id within its tenant: two tenants may use the same ids. Absent: as without tenants.
    @inlinable public init(_ id: ByteView, tenant: ByteView, _ key: SipHash.Key) {
        let scope = tenant.isAbsent ? 0 : SipHash.hash(tenant, key: key)
        self.init(id, SipHash.Key(low: key.low ^ scope, high: key.high))
    }

    @inlinable public var hash: KeyHash { KeyHash(low) }
}
