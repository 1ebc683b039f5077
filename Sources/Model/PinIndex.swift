/// A `PinTable`'s memory: open addressing with linear probing, half full at most. A slot keeps 32 bits of the name's
/// hash and where the whole name stands: names are compared, so no tenant ever gets another one's fence.
///
/// The hash is a keyed multiply-and-fold, four times cheaper than SipHash. That is enough here: operators choose the
/// names that are in the table, and what strangers choose, the names looked up, ends at the first free slot.
public struct PinIndex: @unchecked Sendable, BitwiseCopyable {
    /// 16 bytes.
    @usableFromInline struct Slot: BitwiseCopyable {
        @usableFromInline var check: UInt32 = 0
        @usableFromInline var nameStart: UInt32 = 0
        /// 0: the slot is free.
        @usableFromInline var nameCount: UInt16 = 0
        @usableFromInline var home = RegionID.none
        /// Index into `fences`.
        @usableFromInline var fence: UInt32 = 0
    }

    public private(set) var count = 0
    /// Of the names held.
    private var nameBytes = 0
    private var fenceCount = 0
    private let fenceCapacity: Int
    @usableFromInline let key: SipHash.Key
    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline let slotCount: Int
    @usableFromInline let names: UnsafeMutablePointer<UInt8>
    /// Sets of jurisdictions, each once: a million tenants share a few.
    @usableFromInline let fences: UnsafeMutablePointer<UInt64>

    init(capacity: Int, nameBytes: Int, fences: Int, key: SipHash.Key) {
        self.key = key
        slotCount = max(4, capacity * 2)
        precondition(slotCount <= Int(UInt32.max), "two thousand million pinned tenants at most")
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: Slot(), count: slotCount)
        names = .allocate(capacity: max(1, nameBytes))
        fenceCapacity = max(1, fences)
        self.fences = .allocate(capacity: fenceCapacity)
    }

    func deallocate() {
        slots.deallocate()
        names.deallocate()
        fences.deallocate()
    }

    var byteCount: Int { slotCount * MemoryLayout<Slot>.stride + nameBytes + fenceCapacity * 8 }

    mutating func addFence(_ jurisdictions: UInt64) -> UInt32 {
        fences[fenceCount] = jurisdictions
        fenceCount += 1
        return UInt32(fenceCount - 1)
    }

    /// Names that are empty, too long or there already are left out.
    mutating func insert(_ name: ByteView, home: RegionID, fence: UInt32) {
        guard name.count > 0, name.count <= Int(UInt16.max), find(name) == nil else { return }
        let hash = PinIndex.hash(name, key)
        var place = PinIndex.place(of: hash, slotCount)
        while slots[place].nameCount > 0 { place = place + 1 == slotCount ? 0 : place + 1 }
        (names + nameBytes).update(from: name.base.unsafelyUnwrapped, count: name.count)
        slots[place] = Slot(
            check: UInt32(truncatingIfNeeded: hash), nameStart: UInt32(nameBytes), nameCount: UInt16(name.count),
            home: home, fence: fence)
        (count, nameBytes) = (count + 1, nameBytes + name.count)
    }

    /// The pin of the tenant, or nil: nobody pinned it.
    @inlinable @inline(__always) public func find(_ tenant: ByteView) -> TenantPin? {
        if tenant.count == 0 { return nil }
        let hash = PinIndex.hash(tenant, key)
        let check = UInt32(truncatingIfNeeded: hash)
        var place = PinIndex.place(of: hash, slotCount)
        while true {
            let slot = slots + place
            if slot.pointee.nameCount == 0 { return nil }
            if slot.pointee.check == check, Int(slot.pointee.nameCount) == tenant.count {
                let name = ByteView(base: names + Int(slot.pointee.nameStart), count: tenant.count)
                if name.equals(tenant) {
                    return TenantPin(home: slot.pointee.home, jurisdictions: fences[Int(slot.pointee.fence)])
                }
            }
            place = place &+ 1 == slotCount ? 0 : place &+ 1
        }
    }

    /// From the upper half of the hash; `check` is the lower.
    @inlinable static func place(of hash: UInt64, _ slotCount: Int) -> Int {
        Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: slotCount)) >> 32)
    }

    // MARK: The hash

    /// Words of eight bytes, the last one ending with the name, each folded into the state; then once more.
    @inlinable @inline(__always) static func hash(_ name: ByteView, _ key: SipHash.Key) -> UInt64 {
        let factor = key.high ^ 0x9E37_79B9_7F4A_7C15
        var state = key.low ^ UInt64(truncatingIfNeeded: name.count)
        if name.count >= 8 {
            var offset = 0
            while offset < name.count &- 8 {
                state = fold(state ^ name.word(at: offset), factor)
                offset &+= 8
            }
            state = fold(state ^ name.word(at: name.count &- 8), factor)
        } else {
            state = fold(state ^ shortWord(name), factor)
        }
        return fold(state ^ 0x2545_F491_4F6C_DD1D, factor)
    }

    /// Both halves of the product.
    @inlinable @inline(__always) static func fold(_ word: UInt64, _ factor: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }

    /// Up to seven bytes; the count is in the state.
    @inlinable static func shortWord(_ name: ByteView) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<name.count { word = word << 8 | UInt64(name[index]) }
        return word
    }
}
