import HTTP2
import Model

/// Who owns a dataset, as a replication backend's 421 says it (routing.md, Writes).
struct OwnerClaim: Equatable {
    let region: RegionID
    let epoch: UInt64

    init(region: RegionID, epoch: UInt64) { (self.region, self.epoch) = (region, epoch) }

    /// Nil: the answer names no region that there is, or no epoch.
    init?(_ block: HeaderBlock, _ snapshot: Snapshot) {
        guard let epoch = OwnerClaim.number(block.value(named: "x-portolan-epoch")),
            let region = snapshot.region(named: block.value(named: "x-portolan-owner"))
        else { return nil }
        self.init(region: region, epoch: epoch)
    }

    /// - Parameter known: an older epoch.
    ///
    /// Epochs grow by one with each handover: one that is far ahead is a backend's mistake, and adopting it would leave
    /// no room for any later owner.
    func isNear(_ known: UInt64) -> Bool { epoch &- known <= 1 << 32 }

    /// At most 19 digits: what cannot overflow.
    static func number(_ text: ByteView) -> UInt64? {
        guard (1...19).contains(text.count) else { return nil }
        var number: UInt64 = 0
        for index in 0..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + UInt64(digit)
        }
        return number
    }
}
