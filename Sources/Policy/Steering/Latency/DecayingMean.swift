import Model

/// Mean of samples, each weighted by the time it speaks for and fading with a time constant: for one steady source the
/// usual exponentially weighted mean, for several one in which each counts alike, whatever the order they come in.
struct DecayingMean: Sendable, BitwiseCopyable {
    private var sum = 0.0
    private var weight = 0.0
    private var at = LoopTime.zero
    init() {}

    var isMeasured: Bool { weight > 0 }
    /// 0 before the first sample.
    var nanoseconds: UInt64 { weight > 0 ? UInt64((sum / weight).rounded()) : 0 }

    /// - Parameter span: nanoseconds that the sample speaks for.
    mutating func add(_ sample: UInt64, span: UInt64, timeConstant: Double, now: LoopTime) {
        let left = DecayingMean.fading(Double(now.nanoseconds(since: at)) / timeConstant)
        let span = max(1, Double(span))
        sum = sum * left + Double(sample) * span
        weight = weight * left + span
        at = now
    }

    /// e⁻ˣ for x ≥ 0, by four terms of eˣ: below 0.5 off by less than 0.1 %, and no libm here.
    private static func fading(_ x: Double) -> Double { 1 / (1 + x * (1 + x * (0.5 + x / 6))) }
}
