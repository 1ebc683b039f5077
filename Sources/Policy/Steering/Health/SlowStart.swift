import Model

/// How much of their turns recovered endpoints take (routing.md, Health: slow start). Pure.
///
/// Shares grow in steps of 5 %, and at the same moments for all endpoints: the return of a whole region costs no more
/// snapshots than that of one endpoint.
struct SlowStart: Sendable {
    static let stepPercent: UInt64 = 5

    private let totalNanoseconds: UInt64
    private let firstPercent: UInt64
    /// Those that are not warm yet.
    private var begun: [(endpoint: EndpointID, at: LoopTime, percent: UInt8)] = []
    /// When `advance` wants to be called next.
    private(set) var nextWake = LoopTime.distantFuture

    init(_ settings: Configuration.Outliers) {
        totalNanoseconds = settings.slowStartMilliseconds * 1_000_000
        firstPercent = UInt64(min(100, max(1, settings.slowStartPercent)))
    }

    /// Of those that are not warm yet, 1–99.
    var percents: [EndpointID: UInt8] {
        Dictionary(uniqueKeysWithValues: begun.map { ($0.endpoint, $0.percent) })
    }

    /// It is back from now on.
    mutating func begin(_ endpoint: EndpointID, now: LoopTime) {
        stop(endpoint)
        guard totalNanoseconds > 0, firstPercent < 100 else { return }
        begun.append((endpoint, now, UInt8(firstPercent)))
        plan(now)
    }

    /// It is down again, or gone.
    mutating func stop(_ endpoint: EndpointID) {
        begun.removeAll { $0.endpoint == endpoint }
        if begun.isEmpty { nextWake = .distantFuture }
    }

    /// Says whether anybody's share has grown.
    mutating func advance(now: LoopTime) -> Bool {
        guard now >= nextWake else { return false }
        var hasGrown = false
        for index in begun.indices {
            let percent = percent(after: now.nanoseconds(since: begun[index].at))
            hasGrown = hasGrown || percent != begun[index].percent
            begun[index].percent = percent
        }
        begun.removeAll { $0.percent == 100 }
        plan(now)
        return hasGrown
    }

    /// With other settings; who is on the way starts anew.
    func adopting(_ settings: Configuration.Outliers, now: LoopTime) -> SlowStart {
        var next = SlowStart(settings)
        for entry in begun { next.begin(entry.endpoint, now: entry.at) }
        next.plan(now)
        return next
    }

    private func percent(after nanoseconds: UInt64) -> UInt8 {
        if nanoseconds >= totalNanoseconds { return 100 }
        let share = Double(100 - firstPercent) * Double(nanoseconds) / Double(totalNanoseconds)
        return UInt8(firstPercent + UInt64(share) / SlowStart.stepPercent * SlowStart.stepPercent)
    }

    private mutating func plan(_ now: LoopTime) {
        let steps = (100 - firstPercent + SlowStart.stepPercent - 1) / SlowStart.stepPercent
        let length = max(1, totalNanoseconds / max(1, steps))
        nextWake = begun.isEmpty ? .distantFuture : LoopTime(nanoseconds: (now.nanoseconds / length + 1) * length)
    }
}
