import Model

/// What one worker sees of an endpoint: how much it has there, and how fast it answers.
struct EndpointLoad: BitwiseCopyable {
    /// Time constant of the latency's mean (routing.md, Latency): 10 s, in nanoseconds.
    static let timeConstant = 10_000_000_000.0

    var inFlight: UInt32 = 0
    private(set) var isMeasured = false
    private var latency = 0.0
    private var measuredAt = LoopTime.zero

    /// Mean weighted by age. The weight is Δ/(10 s + Δ), the first-order form of 1 − e^(−Δ/10 s): no libm here.
    mutating func observe(_ nanoseconds: UInt64, now: LoopTime) {
        let gap = Double(now.nanoseconds(since: measuredAt))
        let share = isMeasured ? gap / (gap + EndpointLoad.timeConstant) : 1
        latency += (Double(nanoseconds) - latency) * share
        (isMeasured, measuredAt) = (true, now)
    }

    /// Nanoseconds, at least 1. Fades while nobody measures: an endpoint that was slow once, and is therefore not
    /// chosen, would else never get to show that it is fast again.
    func latency(now: LoopTime) -> Double {
        let age = Double(now.nanoseconds(since: measuredAt))
        return max(1, latency * EndpointLoad.timeConstant / (EndpointLoad.timeConstant + age))
    }
}
