import Model

/// What the operators' intent makes of a plan's cells, worked out when the intent or the plan changes.
struct OperatedShares: Equatable, Sendable {
    private(set) var cells: [CellShare] = []
    /// Of the requests choosing a region, what its dial and the drains of all its cells leave it: 10,000ths.
    private(set) var kept: [RegionID: UInt16] = [:]
    /// Of them the dials alone, whole percent; a region not named has none.
    private(set) var dials: [RegionID: UInt8] = [:]
    /// 10,000 a region that has cells, in the plan's order.
    private(set) var buckets: [CellID] = []
    /// Regions without cells keep the slices they had.
    private var slices: [RegionID: SliceMap] = [:]
    init() {}

    /// Slices move no more keys than the change of shares asks for.
    mutating func renew(_ intent: OperatorIntent, _ view: IntentView) {
        var next: [CellShare] = []
        buckets = []
        for region in view.regions {
            let shares = intent.shares(of: region)
            next += shares
            kept[region.id] = intent.keptShare(of: region)
            dials[region.id] = intent.dial(of: region.name).map { UInt8(clamping: $0.percent) }
            if shares.isEmpty { continue }
            slices[region.id, default: SliceMap()].rebalance(to: shares.map { ($0.cell, $0.share) })
            buckets += slices[region.id, default: SliceMap()].buckets
        }
        cells = next
    }
}
