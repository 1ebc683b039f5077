import Model
import Testing

@testable import DataPlane

struct BodyPaceTests {
    /// (octets a second, octets wait for the endpoint, second in which it is too slow; nil: not before the end of all
    /// bodies)
    static let rows: [(UInt64, Bool, Int?)] = [
        (0, false, 20), (1_023, false, 20), (1_024, false, nil), (0, true, nil), (1_000_000, false, nil),
    ]

    @Test("ten seconds are free, then each ten must bring their part", arguments: rows)
    func judges(bytesPerSecond: UInt64, isHeldUp: Bool, expected: Int?) {
        var pace = BodyPace(startingAt: .zero)
        var end: Int?
        for second in 1...360 where end == nil {
            let now = LoopTime.zero.advanced(milliseconds: UInt64(second) * 1_000)
            let isTooSlow = pace.isTooSlow(
                UInt64(second) * bytesPerSecond, isHeldUp: isHeldUp, bytesPerSecond: 1_024, now: now)
            if isTooSlow { end = second }
        }
        #expect(end == expected ?? 300)
    }

    @Test func aRequestWithoutABodyIsNeverLookedAt() { #expect(BodyPace().judgedAt == .distantFuture) }
}
