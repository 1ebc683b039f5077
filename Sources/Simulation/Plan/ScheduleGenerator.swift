import Model

/// Draws a schedule from a seed: hours of trouble with quiet times between, and operators who meddle at bad moments.
struct ScheduleGenerator {
    private let scene: Scene
    private let kinds: [FaultKind]
    private var random: SplitMix64

    /// - Parameter kinds: of faults that may be drawn; none: no faults.
    init(_ scene: Scene, seed: UInt64, kinds: [FaultKind]) {
        (self.scene, self.kinds) = (scene, kinds)
        random = SplitMix64(seed: seed)
    }

    /// Twelve faults an hour, four interventions, two rushes.
    mutating func schedule(seed: UInt64, hours: Int) -> Schedule {
        var schedule = Schedule(seed: seed, milliseconds: UInt64(hours) * 3_600_000)
        for hour in 0..<UInt64(hours) {
            let start = hour * 3_600_000
            if !kinds.isEmpty { for _ in 0..<12 { schedule.faults.append(fault(after: start)) } }
            for _ in 0..<4 { operate(after: start, &schedule) }
            for _ in 0..<2 { schedule.rushes.append(rush(after: start)) }
        }
        schedule.faults.sort { $0.start < $1.start }
        schedule.operations.sort { $0.at < $1.at }
        schedule.rushes.sort { $0.start < $1.start }
        return schedule
    }

    private mutating func draw(_ range: Range<UInt64>) -> UInt64 {
        range.lowerBound + UInt64(random.next(below: UInt32(range.count)))
    }

    private mutating func index(_ count: Int) -> Int { Int(random.next(below: UInt32(max(1, count)))) }

    private mutating func fault(after start: UInt64) -> Fault {
        let kind = kinds[index(kinds.count)]
        let begin = start + draw(20_000..<3_500_000)
        if kind == .stall { return Fault(kind, .edge, start: begin, milliseconds: draw(300..<9_000)) }
        // Most pass in a minute, some stay.
        let isLong = index(4) == 0 || kind == .detour
        let length = isLong ? draw(60_000..<600_000) : draw(2_000..<60_000)
        return Fault(kind, target(of: kind), start: begin, milliseconds: length)
    }

    private mutating func target(of kind: FaultKind) -> FaultTarget {
        if kind.isOfRegion { return .region(index(scene.first.regions.count)) }
        switch index(10) {
        case 0: return .region(index(scene.first.regions.count))
        case 1, 2: return .cell(index(scene.first.cells.count))
        default: return .endpoint(index(scene.first.endpoints.count))
        }
    }

    /// Half of the interventions come within seconds of a fault: nobody drains at a good moment.
    private mutating func operate(after start: UInt64, _ schedule: inout Schedule) {
        var at = start + draw(30_000..<3_000_000)
        if index(2) == 0, let fault = schedule.faults.last(where: { $0.start >= start }) {
            at = fault.start + draw(0..<6_000)
        }
        let (cell, region) = (index(scene.first.cells.count), index(scene.first.regions.count))
        let (isNow, isForced) = (index(3) == 0, index(5) == 0)
        let later = at + draw(20_000..<600_000)
        switch index(6) {
        case 0, 1:
            let percents = [0, 1, 10, 37, 50, 99, 100]
            schedule.operations.append(Operation(at: at, intervention: .weigh(cell: cell, percent: percents[index(7)])))
        case 2:
            schedule.operations.append(
                Operation(at: at, intervention: .dial(region: region, percent: [0, 1, 30, 80][index(4)])))
            schedule.operations.append(Operation(at: later, intervention: .dial(region: region, percent: 100)))
        case 3:
            schedule.operations.append(
                Operation(at: at, intervention: .drainRegion(region, isNow: isNow), isForced: isForced))
            schedule.operations.append(Operation(at: later, intervention: .undrainRegion(region)))
        default:
            schedule.operations.append(
                Operation(at: at, intervention: .drainCell(cell, isNow: isNow), isForced: isForced))
            schedule.operations.append(Operation(at: later, intervention: .undrainCell(cell)))
        }
    }

    private mutating func rush(after start: UInt64) -> Rush {
        Rush(start: start + draw(30_000..<3_500_000), milliseconds: draw(10_000..<40_000), rate: draw(10..<50))
    }
}
