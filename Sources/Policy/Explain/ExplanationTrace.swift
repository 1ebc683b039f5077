import Model

/// Writes down what each stage left, and reads the reasons out of it afterwards.
struct ExplanationTrace: DecisionTrace {
    /// Exchanges in flight by endpoint id.
    let loads: [Int]
    private var left: [(stage: Stage, candidates: Candidates)] = []

    init(loads: [Int]) { self.loads = loads }

    mutating func ended(_ stage: Stage, _ candidates: Candidates) { left.append((stage, candidates)) }

    // MARK: Stages 1–6

    func steps(_ decision: Decision, _ snapshot: Snapshot) -> [Explanation.Step] {
        var before = snapshot.present
        var steps: [Explanation.Step] = []
        for (stage, candidates) in left {
            // Nothing was open: the stage that refused for it has lost them all.
            let isRefused = decision.isRefused && stage == .fitness
            let after = isRefused ? RegionSet.empty : candidates.regions
            let gone = RegionSet(bits: before.bits & ~after.bits)
            let lost = gone.members.map {
                Explanation.LostRegion(region: $0, loss: loss(of: $0, at: stage, candidates, snapshot))
            }
            steps.append(Explanation.Step(stage: stage, left: after.members, lost: lost))
            before = after
        }
        return steps
    }

    private func loss(
        of region: RegionID, at stage: Stage, _ candidates: Candidates, _ snapshot: Snapshot
    ) -> Loss {
        switch stage {
        case .residency: .outsideFence
        case .ownership: .notOwner
        case .xRegion: .notNamed
        case .session: candidates.isHeld ? .notHeld : .sessionLeaves
        case .fitness: unfitness(of: region, candidates, snapshot)
        case .latency, .cell, .endpoint: remoteness(of: region, candidates, snapshot)
        }
    }

    private func unfitness(of region: RegionID, _ candidates: Candidates, _ snapshot: Snapshot) -> Loss {
        let entry = snapshot.regions[region.index]
        if !entry.takesNewWork { return entry.isFit ? .dialZero : .standby }
        if candidates.isPanic { return .worse }
        if entry.isOpen { return .justFailed }
        return entry.isFit ? .noWeight : .noEndpointUp
    }

    private func remoteness(of region: RegionID, _ candidates: Candidates, _ snapshot: Snapshot) -> Loss {
        if candidates.letGo.contains(region) {
            return snapshot.regions[region.index].isDialed ? .dialedOut : .spilled
        }
        switch candidates.code {
        case .homeRegion: return .notHome
        case .localRegion: return isInBand(region, candidates, snapshot) ? .notLocal : .farther
        case .latency: return isInBand(region, candidates, snapshot) ? .otherTurn : .farther
        default: return .farther
        }
    }

    /// Within the band of the nearest, or of the one taken: either way no distance kept it out.
    private func isInBand(_ region: RegionID, _ candidates: Candidates, _ snapshot: Snapshot) -> Bool {
        let taken = candidates.regions.only
        return taken != .none && snapshot.regions[taken.index].band.contains(region)
    }

    // MARK: Stages 7 and 8

    func cells(_ decision: Decision, _ facts: RequestFacts, _ snapshot: Snapshot) -> [Explanation.CellRow] {
        guard !decision.isRefused, let candidates = left.last?.candidates else { return [] }
        let run = snapshot.regions[decision.region.index].cells
        let cells = (decision.isWrite ? [decision.cell] : []) + run.indices.map { snapshot.cellLists[$0] }
        return cells.map { cell in
            let loss = cell == decision.cell ? nil : loss(of: cell, candidates, facts, snapshot)
            return Explanation.CellRow(cell: cell, share: snapshot.cells[cell.index].share, loss: loss)
        }
    }

    private func loss(
        of id: CellID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Loss {
        let cell = snapshot.cells[id.index]
        if candidates.isWrite { return .notOwner }
        if candidates.cell != .none { return .notHeld }
        if cell.share == 0 { return cell.weightPercent > 0 ? .drained : .noWeight }
        if cell.leavingSlots > candidates.slot { return .sessionLeaves }
        if id == candidates.barredCell { return .justFailed }
        if !CellStage.mayServe(id, candidates, facts, snapshot) { return candidates.isPanic ? .worse : .noEndpointUp }
        return facts.isKeyed ? .otherBucket : .otherTurn
    }

    func endpoints(_ decision: Decision, _ facts: RequestFacts, _ snapshot: Snapshot) -> [Explanation.EndpointRow] {
        guard !decision.isRefused else { return [] }
        return snapshot.cells[decision.cell.index].endpoints.indices.map { index in
            let id = snapshot.endpointLists[index]
            let entry = snapshot.endpoints[id.index]
            let loss: Loss? =
                switch entry.health {
                case _ where id == decision.endpoint: nil
                case _ where id == facts.excluded: .justFailed
                case .down: .down
                case .unknown where !decision.isPanic: .unknownHealth
                default: .notChosen
                }
            return Explanation.EndpointRow(
                endpoint: id, health: entry.health, warmthPercent: entry.warmthPercent, inFlight: loads[id.index],
                loss: loss)
        }
    }
}

extension RegionSet {
    /// In the order of ids.
    var members: [RegionID] {
        (0..<UInt16(RegionSet.capacity)).map { RegionID(rawValue: $0) }.filter { contains($0) }
    }
}
