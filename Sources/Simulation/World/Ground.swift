import Model

/// What is really the matter in the world, whatever the edge makes of it. Times are nanoseconds.
struct Ground {
    struct Endpoint {
        let region: Int
        let cell: Int
        /// `FaultKind` bits, its region's among them.
        var faults: UInt16 = 0
        /// When `faults` last changed.
        var since: UInt64 = 0
        /// When probes began to fail, to pass, or to do either in turn.
        var probesSince: UInt64 = 0
        /// One more with each such change, so that an expectation of before is known to be stale.
        var epoch: UInt32 = 0

        var failsProbes: Bool { faults & FaultKind.failsProbes != 0 }
        var passesProbes: Bool { faults & (FaultKind.failsProbes | FaultKind.flapping.bit) == 0 }
    }

    struct Region {
        let distance: Distance
        var faults: UInt16 = 0
    }

    /// Milliseconds of work for one request at a healthy endpoint.
    static let serviceNanoseconds: UInt64 = 4_000_000
    private static let detourNanoseconds: UInt64 = 60_000_000
    private static let swingNanoseconds: UInt64 = 45_000_000_000
    private static let flapNanoseconds: UInt64 = 4_000_000_000

    private(set) var endpoints: [Endpoint] = []
    private(set) var regions: [Region] = []
    /// Faults of each kind on each endpoint: several may overlap.
    private var counts: [UInt8]
    private var regionCounts: [UInt8]
    private let dice: Dice

    init(_ scene: Scene, _ dice: Dice) {
        self.dice = dice
        let first = scene.first
        for index in first.endpoints.indices {
            let entry = first.endpoints[index]
            endpoints.append(Endpoint(region: entry.region.index, cell: entry.cell.index))
        }
        regions = Distance.draw(first.regions.count, local: first.localRegion.index, dice).map {
            Region(distance: $0)
        }
        counts = Array(repeating: 0, count: endpoints.count * FaultKind.allCases.count)
        regionCounts = Array(repeating: 0, count: regions.count * FaultKind.allCases.count)
    }

    /// A fault begins or ends at one endpoint.
    mutating func turn(_ kind: FaultKind, endpoint index: Int, isOn: Bool, now: UInt64) {
        let place = index * FaultKind.allCases.count + Int(kind.rawValue)
        counts[place] = isOn ? counts[place] + 1 : counts[place] - 1
        if counts[place] == (isOn ? 1 : 0) { endpoints[index].change(kind, isOn, now) }
    }

    /// A fault begins or ends on the way to a region, and so for all that stands there.
    mutating func turn(_ kind: FaultKind, region index: Int, isOn: Bool, now: UInt64) {
        let place = index * FaultKind.allCases.count + Int(kind.rawValue)
        regionCounts[place] = isOn ? regionCounts[place] + 1 : regionCounts[place] - 1
        guard regionCounts[place] == (isOn ? 1 : 0) else { return }
        regions[index].faults ^= kind.bit
        for endpoint in endpoints.indices where endpoints[endpoint].region == index {
            endpoints[endpoint].change(kind, isOn, now)
        }
    }

    // MARK: What becomes of what is sent

    enum ProbeFate { case answered, refused, failed, lost }

    func probe(_ index: Int, now: UInt64) -> ProbeFate {
        let faults = endpoints[index].faults
        if faults == 0 { return .answered }
        if faults & (FaultKind.cutOut.bit | FaultKind.cutBack.bit | FaultKind.hang.bit) != 0 { return .lost }
        if faults & FaultKind.crash.bit != 0 || isFlappedDown(index, now) { return .refused }
        return faults & FaultKind.lyingDown.bit != 0 ? .failed : .answered
    }

    enum SendFate {
        /// No connection: nothing reached the endpoint.
        case refused
        case arrives
        /// The connection is there and nothing comes through.
        case lost
    }

    func send(_ index: Int, now: UInt64) -> SendFate {
        let faults = endpoints[index].faults
        if faults & FaultKind.cutOut.bit != 0 { return .lost }
        return faults & FaultKind.crash.bit != 0 || isFlappedDown(index, now) ? .refused : .arrives
    }

    enum AnswerFate {
        case success
        /// 502, and the work may be done.
        case failure
        /// Reset, and the work may be done.
        case reset
        case none
    }

    func answer(_ index: Int, now: UInt64, luck: UInt64) -> AnswerFate {
        let faults = endpoints[index].faults
        if faults & (FaultKind.hang.bit | FaultKind.cutBack.bit | FaultKind.cutOut.bit) != 0 { return .none }
        if faults & FaultKind.crash.bit != 0 || isFlappedDown(index, now) { return .reset }
        if faults & FaultKind.lyingUp.bit != 0 { return .failure }
        if faults & FaultKind.lossy.bit != 0, luck % 10 < 3 { return luck % 20 < 10 ? .failure : .reset }
        return .success
    }

    private func isFlappedDown(_ index: Int, _ now: UInt64) -> Bool {
        guard endpoints[index].faults & FaultKind.flapping.bit != 0 else { return false }
        return (now - endpoints[index].since) / Ground.flapNanoseconds % 2 == 0
    }

    /// Nanoseconds from the edge to the endpoint and back, with jitter of a tenth.
    func roundTrip(_ index: Int, now: UInt64) -> UInt64 {
        let region = endpoints[index].region
        var base = regions[region].distance.roundTrip
        if regions[region].faults & FaultKind.detour.bit != 0 {
            // Long enough in and out of a band to count as in and out, and again before the dwell is over.
            base += now / Ground.swingNanoseconds % 2 == 0 ? Ground.detourNanoseconds : 0
        }
        return base + base / 10 * (dice.word(UInt64(index), now) & 1_023) / 1_024
    }

    /// Nanoseconds that the endpoint works on one request.
    func service(_ index: Int) -> UInt64 {
        endpoints[index].faults & FaultKind.slow.bit != 0 ? 20 * Ground.serviceNanoseconds : Ground.serviceNanoseconds
    }

    /// Without any fault since then.
    func isSound(_ index: Int, since: UInt64) -> Bool {
        endpoints[index].faults == 0 && endpoints[index].since <= since
    }
}

extension Ground.Endpoint {
    fileprivate mutating func change(_ kind: FaultKind, _ isOn: Bool, _ now: UInt64) {
        let (failed, passed) = (failsProbes, passesProbes)
        if isOn { faults |= kind.bit } else { faults &= ~kind.bit }
        since = now
        if failed != failsProbes || passed != passesProbes { (probesSince, epoch) = (now, epoch &+ 1) }
    }
}
