/// The tenants that are pinned to a home, a million of them in less than 64 MiB. Immutable: a change of pins makes
/// another table, which snapshots share. Owns the memory that its `index` points into.
public final class PinTable: @unchecked Sendable {
    public static let empty = PinTable([], key: .zero)

    /// For look-ups that retain nothing; valid as long as the table is.
    public let index: PinIndex

    /// Of a name that comes twice the first pin counts. Names are 1–65,535 bytes; others cannot be looked up.
    public init(_ pins: some Collection<(name: String, pin: TenantPin)>, key: SipHash.Key) {
        let byteCount = pins.reduce(0) { $0 + $1.name.utf8.count }
        precondition(byteCount <= Int(UInt32.max), "names of pinned tenants are 4 GiB at most")
        let distinct = Set(pins.lazy.map(\.pin.jurisdictions))
        var index = PinIndex(capacity: pins.count, nameBytes: byteCount, fences: distinct.count, key: key)
        let fences = Dictionary(uniqueKeysWithValues: distinct.sorted().map { ($0, index.addFence($0)) })
        for (name, pin) in pins {
            var name = name
            name.withUTF8 {
                index.insert(
                    ByteView(UnsafeRawBufferPointer($0)), home: pin.home, fence: fences[pin.jurisdictions] ?? 0)
            }
        }
        self.index = index
    }

    deinit { index.deallocate() }

    /// Pins held.
    public var count: Int { index.count }
    /// Memory held, in bytes.
    public var byteCount: Int { index.byteCount }
    /// The pin of the tenant, or nil: nobody pinned it.
    public func find(_ tenant: ByteView) -> TenantPin? { index.find(tenant) }
}
