public import Model

/// One worker's part in its decisions: random words, the cells' turns, the endpoints' load. Owned by one thread.
///
/// Ids are stable over snapshots and so is what is kept under them: a publication resets nothing.
public struct DecisionState: ~Copyable {
    private var random: SplitMix64
    private var now = LoopTime.zero
    private var cells: StateTable<CellTurn>
    private var endpoints: StateTable<EndpointLoad>

    /// `seed` from the system's entropy, another for each worker, so that no two walk in step.
    public init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        cells = StateTable(empty: CellTurn())
        endpoints = StateTable(empty: EndpointLoad())
    }

    /// Before the first decision over a snapshot. Grows the tables, and gives cells new to this worker a random start;
    /// the only place that allocates.
    public mutating func prepare(for snapshot: Snapshot) {
        cells.grow(to: snapshot.cells.count)
        endpoints.grow(to: snapshot.endpoints.count)
        for index in snapshot.regions.indices where snapshot.regions[index].isPresent {
            startTurns(of: snapshot.regions[index].cells, snapshot)
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
        let (cellCount, endpointCount) = (snapshot.cells.count, snapshot.endpoints.count)
        let isPrepared = cellCount <= cells.count && endpointCount <= endpoints.count
        precondition(isPrepared, "decide over a snapshot that the state was not prepared for")
        self.now = now
    }

    /// The cell's credit after adding.
    mutating func addCredit(_ credit: Int64, to cell: CellID) -> Int64 {
        cells[cell.index].credit &+= credit
        return cells[cell.index].credit
    }

    /// Two different numbers below `count`; the same one twice when there is but one.
    mutating func drawTwo(below count: UInt32) -> (UInt32, UInt32) {
        if count < 2 { return (0, 0) }
        let word = random.next()
        let first = DecisionState.scale(word >> 32, below: count)
        let second = DecisionState.scale(word & 0xFFFF_FFFF, below: count - 1)
        return (first, second < first ? second : second + 1)
    }

    private static func scale(_ word: UInt64, below bound: UInt32) -> UInt32 {
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

    /// Walks up to one round ahead from rest: any point of the round is as good a start, an invented state is not.
    private mutating func startTurns(of run: TableRange, _ snapshot: Snapshot) {
        var isNew = true
        var sum: Int64 = 0
        for index in run.indices {
            let cell = snapshot.cellLists[index]
            if cells[cell.index].isStarted { isNew = false }
            cells[cell.index].isStarted = true
            sum += Int64(snapshot.cells[cell.index].weightPercent)
        }
        guard isNew, sum > 0 else { return }
        for _ in 0..<random.next(below: UInt32(sum)) { walkOneTurn(run, sum, snapshot) }
    }

    private mutating func walkOneTurn(_ run: TableRange, _ sum: Int64, _ snapshot: Snapshot) {
        let unit = CellStage.turn / sum
        var (chosen, most) = (CellID.none, Int64.min)
        for index in run.indices {
            let cell = snapshot.cellLists[index]
            let weight = Int64(snapshot.cells[cell.index].weightPercent)
            if weight == 0 { continue }
            let credit = addCredit(weight * unit, to: cell)
            if credit > most { (chosen, most) = (cell, credit) }
        }
        _ = addCredit(-(unit * sum), to: chosen)
    }
}

/// One thread at a time owns it, and it owns its memory alone: it may be made here and handed to its worker.
extension DecisionState: @unchecked Sendable {}
