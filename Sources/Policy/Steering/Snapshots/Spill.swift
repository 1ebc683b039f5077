import Model

/// How much of its requests an ill region keeps (routing.md, Health): min(100 %, 1.4 × the healthy cells' share of its
/// weight). Cells without a share, drained ones among them, are in neither sum.
struct Spill: Equatable {
    /// In 10,000ths of the region's traffic. Cells of which nothing is known yet are apart.
    private(set) var healthy = 0
    private(set) var ill = 0
    private(set) var unknown = 0
    init() {}

    mutating func add(share: UInt16, _ tally: HealthTally, _ rules: Configuration.SpillRules) {
        switch tally.isHealthy(percent: rules.healthyPercent) {
        case true?: healthy += Int(share)
        case false?: ill += Int(share)
        case nil: unknown += Int(share)
        }
    }

    /// In 10,000ths; nil where nothing is known, or nothing has a share. Unknown cells say nothing.
    func keptShare(_ rules: Configuration.SpillRules) -> UInt16? {
        healthy + ill > 0 ? Spill.kept(healthy, of: healthy + ill, rules) : nil
    }

    /// Whether the region is announced as fit; nil while the unknown cells could tip it.
    func isFit(_ rules: Configuration.SpillRules) -> Bool? {
        let total = healthy + ill + unknown
        guard total > 0 else { return nil }
        let least = Spill.kept(healthy, of: total, rules) >= UInt16(clamping: rules.unfitPercent * 100)
        let most = Spill.kept(healthy + unknown, of: total, rules) >= UInt16(clamping: rules.unfitPercent * 100)
        return least == most ? least : nil
    }

    /// Whole percent of the weight that healthy cells hold, for people.
    var healthyPercent: Int { healthy * 100 / max(1, healthy + ill + unknown) }

    private static func kept(_ healthy: Int, of total: Int, _ rules: Configuration.SpillRules) -> UInt16 {
        UInt16(min(10_000, healthy * 100 * rules.overprovisioningPercent / total))
    }
}
