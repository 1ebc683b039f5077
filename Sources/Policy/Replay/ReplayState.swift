public import Model

/// Makes decisions again whose outcome is known, by the code that makes real ones.
///
/// It sets a worker's turns and random word so that they fall the way the record says: every share, dial and endpoint
/// draw then finds the state it would have found on that day. Over the same snapshot the same decision follows. Over
/// another one each draw is repeated with the other shares, as `Race` says. Nothing here looks at the stages' rules.
public struct ReplayState: ~Copyable {
    /// More than a decision earns a cell or a region.
    private static let step: Int64 = CellStage.turn + 1
    /// Ranks that differ: above and below 0 as many steps as fit.
    private static let ranks = 2 * (Int64.max / step - 1)

    private var state = DecisionState(seed: 0)
    private var race = Race()

    public init() {}

    /// Before the first decision over a snapshot: each one.
    public mutating func prepare(for snapshot: Snapshot) { state.prepare(for: snapshot) }

    /// - Parameters:
    ///   - chance: where it came out, and `former` how likely that was.
    ///   - route: from `route(of:_:)`, or known otherwise.
    public mutating func decide(
        _ facts: RequestFacts, route: RouteID, _ snapshot: Snapshot, chance: RecordedChance, former: FormerShares
    ) -> Decision {
        let decision = decide(facts, route, snapshot, chance, former, cellsOf: chance.region)
        // Which region it is does not hang on its cells, so theirs are recalled only for a region that comes of it.
        if decision.isRefused || decision.region == chance.region { return decision }
        return decide(facts, route, snapshot, chance, former, cellsOf: decision.region)
    }

    private mutating func decide(
        _ facts: RequestFacts, _ route: RouteID, _ snapshot: Snapshot, _ chance: RecordedChance,
        _ former: FormerShares, cellsOf region: RegionID
    ) -> Decision {
        recallBand(chance, former, snapshot)
        for index in snapshot.regions.indices where snapshot.regions[index].isPresent {
            recallDial(of: index, chance, former)
        }
        if region != .none { recallCells(of: region, chance, former, snapshot) }
        state.random = word(chance, former, snapshot)
        return Policy.decide(facts, route: route, snapshot, &state, now: .zero)
    }

    // MARK: Turns

    /// Whose turn it was among near equals.
    private mutating func recallBand(_ chance: RecordedChance, _ former: FormerShares, _ snapshot: Snapshot) {
        let first = chance.letGo.isEmpty ? chance.region : chance.nearest
        let isKnown = first != .none && former.region(first.index).capacity > 0
        let rivals = isKnown ? former.rivals(of: first) : .empty
        var sum = 0.0
        for index in former.regions.indices where rivals.contains(RegionID(rawValue: UInt16(index))) {
            sum += Double(former.regions[index].capacity)
        }
        race.begin()
        for index in snapshot.regions.indices where snapshot.regions[index].isPresent {
            let wasRival = rivals.contains(RegionID(rawValue: UInt16(truncatingIfNeeded: index)))
            race.add(
                index, weight: Double(snapshot.regions[index].capacity),
                former: wasRival ? Double(former.region(index).capacity) : 0)
        }
        let winner = (first.index, Double(former.region(first.index).capacity))
        race.run(winner: isKnown ? winner : nil, formerSum: sum, seed: chance.seed ^ 0x62_616E_64)
        for (rank, entrant) in race.entrants.enumerated() {
            state.regions[entrant.index].credit = ReplayState.credit(ofRank: rank)
        }
    }

    /// Whether the region keeps the request: what is saved up is set so that it does from the right share on.
    private mutating func recallDial(of index: Int, _ chance: RecordedChance, _ former: FormerShares) {
        let region = RegionID(rawValue: UInt16(truncatingIfNeeded: index))
        let share = UInt32(min(10_000, former.region(index).keptShare))
        var random = SplitMix64(seed: chance.seed ^ 0x6469_616C ^ UInt64(index) << 32)
        var place = random.next(below: 10_000)
        if chance.letGo.contains(region), share < 10_000 {
            place = share + random.next(below: 10_000 - share)
        } else if chance.region == region, !chance.letGo.contains(region), share > 0 {
            place = random.next(below: share)
        }
        state.regions[index].kept = 9_999 - place
    }

    /// Whose turn it was among the region's cells.
    private mutating func recallCells(
        of region: RegionID, _ chance: RecordedChance, _ former: FormerShares, _ snapshot: Snapshot
    ) {
        let winner = former.cell(chance.cell)
        let isKnown = chance.cell != .none && winner.region == region && winner.share > 0
        // A panic's turns are among those that are not available.
        let wasUsual = winner.availableCount > 0
        func took(_ cell: FormerShares.Cell) -> Double {
            cell.region == region && (cell.availableCount > 0 || !wasUsual) ? Double(cell.share) : 0
        }
        var sum = 0.0
        if isKnown { for cell in former.cells where cell.region == region { sum += took(cell) } }
        race.begin()
        for place in snapshot.regions[region.index].cells.indices {
            let cell = snapshot.cellLists[place]
            race.add(
                cell.index, weight: Double(snapshot.cells[cell.index].share),
                former: isKnown ? took(former.cell(cell)) : 0)
        }
        race.run(
            winner: isKnown ? (chance.cell.index, Double(winner.share)) : nil, formerSum: sum, seed: chance.seed)
        for (rank, entrant) in race.entrants.enumerated() {
            state.cells[entrant.index].credit = ReplayState.credit(ofRank: rank)
        }
    }

    /// Falls with the rank, by more than a turn can make up for.
    private static func credit(ofRank rank: Int) -> Int64 { (ranks / 2 - min(Int64(rank), ranks)) * step }

    // MARK: Endpoints

    /// A generator whose first word draws the recorded endpoint, where its cell is chosen and has it still; of a cell
    /// that has more than it had, the others get their part.
    private func word(_ chance: RecordedChance, _ former: FormerShares, _ snapshot: Snapshot) -> SplitMix64 {
        var random = SplitMix64(seed: chance.seed ^ 0x656E_6470)
        guard let (place, count) = place(of: chance.endpoint, in: chance.cell, snapshot), count > 1 else {
            return random
        }
        let formerCount = former.cell(chance.cell).availableCount
        let isAvailable = snapshot.endpoints[chance.endpoint.index].health == .up
        if isAvailable, formerCount > 0, random.next(below: count) >= formerCount { return random }
        let high = (UInt64(place) << 32 + UInt64(count) - 1) / UInt64(count)
        let warmth = UInt32(snapshot.endpoints[chance.endpoint.index].warmthPercent)
        // One that is not warm yet must win the draw that follows, too: a tenth of the words at least lets it.
        while true {
            let word = SplitMix64(first: high << 32 | random.next() >> 32)
            var trial = word
            _ = trial.next()
            if warmth >= 100 || warmth == 0 || trial.next(below: 100) < warmth { return word }
        }
    }

    /// Where it stands among those that may be drawn with it; nil: it may not.
    private func place(
        of endpoint: EndpointID, in cell: CellID, _ snapshot: Snapshot
    ) -> (place: UInt32, count: UInt32)? {
        guard endpoint.index < snapshot.endpoints.count, cell.index < snapshot.cells.count,
            snapshot.endpoints[endpoint.index].isPresent, snapshot.endpoints[endpoint.index].cell == cell
        else { return nil }
        let health = snapshot.endpoints[endpoint.index].health
        let entry = snapshot.cells[cell.index]
        var (place, count): (UInt32?, UInt32) = (nil, 0)
        for index in (health == .up ? entry.available : entry.endpoints).indices {
            let other = snapshot.endpointLists[index]
            guard snapshot.endpoints[other.index].isPresent, snapshot.endpoints[other.index].health == health else {
                continue
            }
            if other == endpoint { place = count }
            count += 1
        }
        return place.map { ($0, count) }
    }
}

extension SplitMix64 {
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The generator whose next word is that one: each of `next`'s steps can be undone.
    init(first word: UInt64) {
        var z = SplitMix64.unshifted(word, 31) &* SplitMix64.inverse(of: 0x94D0_49BB_1331_11EB)
        z = SplitMix64.unshifted(z, 27) &* SplitMix64.inverse(of: 0xBF58_476D_1CE4_E5B9)
        self.init(seed: SplitMix64.unshifted(z, 30) &- SplitMix64.increment)
    }

    /// What `z ^ z >> shift` came from.
    private static func unshifted(_ word: UInt64, _ shift: UInt64) -> UInt64 {
        var z = word
        for _ in 0..<64 / shift { z = word ^ z >> shift }
        return z
    }

    /// Of an odd number, modulo 2⁶⁴: each of Newton's steps doubles the bits that are right.
    private static func inverse(of number: UInt64) -> UInt64 {
        var inverse = number
        for _ in 0..<5 { inverse = inverse &* (2 &- number &* inverse) }
        return inverse
    }
}
