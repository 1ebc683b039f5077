import Model
import Testing

struct LoopTimeTests {
    @Test func countsForward() {
        let start = LoopTime(nanoseconds: 5)
        let later = start.advanced(milliseconds: 2)
        #expect(later.nanoseconds == 2_000_005)
        #expect(later > start)
        #expect(later.nanoseconds(since: start) == 2_000_000)
        #expect(later.advanced(nanoseconds: 999_999).milliseconds(since: start) == 2)
        #expect(later.advanced(nanoseconds: 1_000_000).milliseconds(since: start) == 3)
    }

    static let far: [(UInt64, UInt64)] = [(0, .max), (1 << 63, 1 << 45), (.max, 0), (.max, 1), (5, .max / 1_000_000)]

    @Test("never wraps", arguments: LoopTimeTests.far)
    func saturates(start: UInt64, milliseconds: UInt64) {
        let start = LoopTime(nanoseconds: start)
        #expect(start.advanced(milliseconds: milliseconds) >= start)
        #expect(start.advanced(nanoseconds: .max) == .distantFuture)
        #expect(LoopTime.zero.nanoseconds(since: start) == 0)
        #expect(LoopTime.zero.milliseconds(since: start) == 0)
    }
}
