import Model

/// Whether a request's body comes fast enough (limits.md, C3): the first ten seconds are free, then each ten must bring
/// ten times the rate, and the whole has five minutes. Pure.
struct BodyPace: Equatable {
    static let spanMilliseconds: UInt64 = 10_000
    static let wholeMilliseconds: UInt64 = 300_000

    /// When it is looked at next; the far future for requests without a body, and where no rate is asked.
    private(set) var judgedAt = LoopTime.distantFuture
    private var endsAt = LoopTime.distantFuture
    private var counted: UInt64 = 0
    private var isFree = true

    init() {}

    /// The request's head came and a body follows.
    init(startingAt now: LoopTime) {
        judgedAt = now.advanced(milliseconds: BodyPace.spanMilliseconds)
        endsAt = now.advanced(milliseconds: BodyPace.wholeMilliseconds)
    }

    /// - Parameters:
    ///   - byteCount: octets that came so far.
    ///   - isHeldUp: octets wait for the endpoint: the span is not the client's to answer for.
    mutating func isTooSlow(_ byteCount: UInt64, isHeldUp: Bool, bytesPerSecond: Int, now: LoopTime) -> Bool {
        guard now >= judgedAt else { return false }
        let came = byteCount - counted
        let isLow = came < UInt64(bytesPerSecond) * BodyPace.spanMilliseconds / 1_000 && !isHeldUp && !isFree
        (counted, isFree) = (byteCount, false)
        judgedAt = now.advanced(milliseconds: BodyPace.spanMilliseconds)
        return isLow || now >= endsAt
    }
}
