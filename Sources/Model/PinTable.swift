/// The tenants that are pinned to a home, a million of them in less than 64 MiB. Immutable: a change of pins makes
/// another table, which snapshots share.
///
/// Open addressing with linear probing at three quarters full. A slot keeps 32 bits of the name's hash and where the
/// whole name stands: names are compared, so no tenant ever gets another one's fence.
public final class PinTable: @unchecked Sendable {
    /// 24 bytes.
    @usableFromInline struct Slot: BitwiseCopyable {
        @usableFromInline var check: UInt32
        @usableFromInline var nameStart: UInt32
        /// 0: the slot is free.
        @usableFromInline var nameCount: UInt16
        @usableFromInline var home: RegionID
        @usableFromInline var jurisdictions: UInt64
    }

    public static let empty = PinTable([], key: .zero)

    /// Pins held.
    public let count: Int
    @usableFromInline let key: SipHash.Key
    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline let slotCount: Int
    @usableFromInline let names: UnsafeMutablePointer<UInt8>

    /// Of a name that comes twice the first pin counts. Names are 1–65,535 bytes; others cannot be looked up.
    public init(_ pins: some Collection<(name: String, pin: TenantPin)>, key: SipHash.Key) {
        self.key = key
        slotCount = max(4, (pins.count * 4 + 2) / 3)
        slots = .allocate(capacity: slotCount)
        slots.initialize(
            repeating: Slot(check: 0, nameStart: 0, nameCount: 0, home: .none, jurisdictions: 0), count: slotCount)
        let byteCount = pins.reduce(0) { $0 + $1.name.utf8.count }
        precondition(byteCount <= Int(UInt32.max), "names of pinned tenants are 4 GiB at most")
        names = .allocate(capacity: max(1, byteCount))
        var (end, held) = (0, 0)
        for (name, pin) in pins {
            let length = name.utf8.count
            guard length > 0, length <= Int(UInt16.max) else { continue }
            for (offset, byte) in name.utf8.enumerated() { names[end + offset] = byte }
            let hash = SipHash.hash(ByteView(base: names + end, count: length), key: key)
            var place = PinTable.place(of: hash, slotCount)
            var isKnown = false
            while slots[place].nameCount > 0, !isKnown {
                isKnown = PinTable.matches(slots[place], hash, ByteView(base: names + end, count: length), names)
                place = place + 1 == slotCount ? 0 : place + 1
            }
            if isKnown { continue }
            slots[place] = Slot(
                check: UInt32(truncatingIfNeeded: hash), nameStart: UInt32(end), nameCount: UInt16(length),
                home: pin.home, jurisdictions: pin.jurisdictions)
            (end, held) = (end + length, held + 1)
        }
        count = held
    }

    deinit {
        slots.deallocate()
        names.deallocate()
    }

    /// Memory held, in bytes.
    public var byteCount: Int {
        var nameBytes = 0
        for index in 0..<slotCount { nameBytes += Int(slots[index].nameCount) }
        return slotCount * MemoryLayout<Slot>.stride + nameBytes
    }

    /// The pin of the tenant, or nil: nobody pinned it.
    @inlinable public func find(_ tenant: ByteView) -> TenantPin? {
        if count == 0 || tenant.count == 0 { return nil }
        let hash = SipHash.hash(tenant, key: key)
        var place = PinTable.place(of: hash, slotCount)
        while true {
            let slot = slots[place]
            if slot.nameCount == 0 { return nil }
            if PinTable.matches(slot, hash, tenant, names) {
                return TenantPin(home: slot.home, jurisdictions: slot.jurisdictions)
            }
            place = place + 1 == slotCount ? 0 : place + 1
        }
    }

    /// From the upper half of the hash; `check` is the lower.
    @inlinable static func place(of hash: UInt64, _ slotCount: Int) -> Int {
        Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: slotCount)) >> 32)
    }

    @inlinable static func matches(
        _ slot: Slot, _ hash: UInt64, _ tenant: ByteView, _ names: UnsafePointer<UInt8>
    ) -> Bool {
        guard slot.check == UInt32(truncatingIfNeeded: hash), Int(slot.nameCount) == tenant.count else { return false }
        return ByteView(base: names + Int(slot.nameStart), count: tenant.count).equals(tenant)
    }
}
