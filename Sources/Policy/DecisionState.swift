public import Model

/// One worker's part in its decisions: random words, turns of regions and cells, the endpoints' load. Owned by one
/// thread.
///
/// Ids are stable over snapshots and so is what is kept under them: a publication resets nothing.
public struct DecisionState: ~Copyable {
    var random: SplitMix64
    private var now = LoopTime.zero
    var regions: StateTable<RegionTurn>
    var cells: StateTable<CellTurn>
    private var endpoints: StateTable<EndpointLoad>

    /// `seed` from the system's entropy, another for each worker, so that no two walk in step.
    public init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        regions = StateTable(empty: RegionTurn())
        cells = StateTable(empty: CellTurn())
        endpoints = StateTable(empty: EndpointLoad())
    }

    /// Before the first decision over a snapshot: each one, because what a request earns a cell is worked out here.
    /// Grows the tables, and gives what is new to this worker a random start; the only place that allocates.
    public mutating func prepare(for snapshot: Snapshot) {
        regions.grow(to: snapshot.regions.count)
        cells.grow(to: snapshot.cells.count)
        endpoints.grow(to: snapshot.endpoints.count)
        for index in snapshot.regions.indices where snapshot.regions[index].isPresent {
            let run = snapshot.regions[index].cells
            start(index)
            startTurns(of: run, snapshot)
            regions[index].cost = setEarnings(of: run, snapshot) { !$0.available.isEmpty }
        }
    }

    /// A request was sent to the endpoint. Every `began` is followed by one `ended`.
    public mutating func began(_ endpoint: EndpointID) { endpoints[endpoint.index].inFlight += 1 }

    /// The exchange with the endpoint ended. `firstByteNanoseconds`: from sending to the first byte of the response's
    /// head; nil when none came, which says nothing about its speed. Counted at the time of the last decision.
    public mutating func ended(_ endpoint: EndpointID, firstByteNanoseconds: UInt64?) {
        precondition(endpoints[endpoint.index].inFlight > 0, "an exchange ended that never began")
        endpoints[endpoint.index].inFlight -= 1
        if let sample = firstByteNanoseconds { endpoints[endpoint.index].observe(sample, now: now) }
    }

    /// Exchanges of this worker with the endpoint that have not ended.
    public func inFlight(_ endpoint: EndpointID) -> Int {
        endpoint.index < endpoints.count ? Int(endpoints[endpoint.index].inFlight) : 0
    }

    // MARK: What the stages use

    mutating func beginDecision(_ snapshot: Snapshot, now: LoopTime) {
        let (regionCount, cellCount, endpointCount) = (
            snapshot.regions.count, snapshot.cells.count, snapshot.endpoints.count
        )
        let isPrepared =
            regionCount <= regions.count && cellCount <= cells.count && endpointCount <= endpoints.count
        precondition(isPrepared, "decide over a snapshot that the state was not prepared for")
        self.now = now
    }

    /// The cell's credit after adding.
    mutating func addCredit(_ credit: Int64, to cell: CellID) -> Int64 {
        cells[cell.index].credit &+= credit
        return cells[cell.index].credit
    }

    /// The cell of the region whose turn it is, of those that are fit and have a share; `.none` without any.
    mutating func takeTurn(of region: RegionID, _ snapshot: Snapshot) -> CellID {
        let cost = regions[region.index].cost
        if cost == 0 { return .none }
        let run = snapshot.regions[region.index].cells
        return takeTurn(of: run, cost: cost, snapshot)
    }

    /// The region of the band whose turn it is, by capacity.
    mutating func takeTurn(of band: RegionSet, _ snapshot: Snapshot) -> RegionID {
        var (left, sum): (UInt64, Int64) = (band.bits, 0)
        while left != 0 {
            sum += Int64(snapshot.regions[left.trailingZeroBitCount].capacity)
            left &= left - 1
        }
        let unit = CellStage.turn / max(1, sum)
        var (chosen, most) = (0, Int64.min)
        left = band.bits
        while left != 0 {
            let index = left.trailingZeroBitCount
            regions[index].credit &+= unit &* Int64(snapshot.regions[index].capacity)
            if regions[index].credit > most { (chosen, most) = (index, regions[index].credit) }
            left &= left - 1
        }
        regions[chosen].credit &-= unit &* sum
        return RegionID(rawValue: UInt16(truncatingIfNeeded: chosen))
    }

    /// Whether the region keeps the next request, of which it keeps `share` in 10,000.
    mutating func keeps(_ region: RegionID, share: UInt16) -> Bool {
        let kept = regions[region.index].kept + UInt32(share)
        let isKept = kept >= 10_000
        regions[region.index].kept = isKept ? kept - 10_000 : kept
        return isKept
    }

    /// An even choice of `0..<bound`.
    mutating func draw(below bound: UInt32) -> UInt32 { random.next(below: bound) }

    /// Two different numbers below `count`; the same one twice when there is but one.
    mutating func drawTwo(below count: UInt32) -> (UInt32, UInt32) {
        if count < 2 { return (0, 0) }
        let word = random.next()
        let first = DecisionState.scale(word >> 32, below: count)
        let second = DecisionState.scale(word & 0xFFFF_FFFF, below: count - 1)
        return (first, second < first ? second : second + 1)
    }

    static func scale(_ word: UInt64, below bound: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (word &* UInt64(bound)) >> 32)
    }

    /// The one with less load × latency, `one` when they are equal.
    func better(_ one: EndpointID, _ other: EndpointID) -> EndpointID {
        let (a, b) = (endpoints[one.index], endpoints[other.index])
        // No answer seen yet: nothing to tell it from its sibling but its load.
        let isMeasured = a.isMeasured && b.isMeasured
        let costA = Double(a.inFlight + 1) * (isMeasured ? a.latency(now: now) : 1)
        let costB = Double(b.inFlight + 1) * (isMeasured ? b.latency(now: now) : 1)
        return costB < costA ? other : one
    }

    // MARK: Turns

    private mutating func takeTurn(of run: TableRange, cost: Int64, _ snapshot: Snapshot) -> CellID {
        var (chosen, most) = (CellID.none, Int64.min)
        for index in run.indices {
            let cell = snapshot.cellLists[index]
            let earned = cells[cell.index].earned
            if earned == 0 { continue }
            let credit = cells[cell.index].credit &+ earned
            cells[cell.index].credit = credit
            if credit > most { (chosen, most) = (cell, credit) }
        }
        cells[chosen.index].credit &-= cost
        return chosen
    }

    /// What a request earns each cell of the run, and what it costs the one that takes it: the sum of that and not a
    /// whole turn, else the remainder of the division would grow for ever. 0: none of them counts.
    private mutating func setEarnings(
        of run: TableRange, _ snapshot: Snapshot, where counts: (CellEntry) -> Bool
    ) -> Int64 {
        var sum: Int64 = 0
        for index in run.indices {
            let cell = snapshot.cells[snapshot.cellLists[index].index]
            if counts(cell) { sum += Int64(cell.share) }
        }
        let unit = CellStage.turn / max(1, sum)
        for index in run.indices {
            let id = snapshot.cellLists[index]
            let cell = snapshot.cells[id.index]
            cells[id.index].earned = counts(cell) ? unit * Int64(cell.share) : 0
        }
        return unit * sum
    }

    private mutating func start(_ region: Int) {
        if regions[region].isStarted { return }
        regions[region].isStarted = true
        regions[region].kept = random.next(below: 10_000)
        regions[region].credit = CellStage.turn / 10_000 * Int64(random.next(below: 10_000))
    }

    /// Walks up to one round ahead from rest: any point of the round is as good a start, an invented state is not.
    private mutating func startTurns(of run: TableRange, _ snapshot: Snapshot) {
        var isNew = true
        var (sum, divisor) = (0, 0)
        for index in run.indices {
            let cell = snapshot.cellLists[index]
            if cells[cell.index].isStarted { isNew = false }
            cells[cell.index].isStarted = true
            let share = Int(snapshot.cells[cell.index].share)
            (sum, divisor) = (sum + share, DecisionState.commonDivisor(divisor, share))
        }
        guard isNew, sum > 0 else { return }
        let cost = setEarnings(of: run, snapshot) { _ in true }
        for _ in 0..<random.next(below: UInt32(sum / divisor)) { _ = takeTurn(of: run, cost: cost, snapshot) }
    }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }
}

/// One thread at a time owns it, and it owns its memory alone: it may be made here and handed to its worker.
extension DecisionState: @unchecked Sendable {}
