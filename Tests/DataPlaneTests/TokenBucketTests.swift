import Model
import Testing

@testable import DataPlane

struct TokenBucketTests {
    private func time(_ milliseconds: UInt64) -> LoopTime { LoopTime.zero.advanced(milliseconds: milliseconds) }

    @Test("gives a burst, and then what is earned")
    func gives() {
        var bucket = TokenBucket(burst: 3, perSecond: 10, now: .zero)
        let times: [UInt64] = [0, 0, 0, 0, 100, 300, 350, 60_000, 60_000, 60_000, 60_000]
        let given = times.map { bucket.take(1, now: time($0)) }
        // What is refused is owed: the next one earned pays for it.
        #expect(given == [true, true, true, false, false, true, false, true, true, true, false])
    }

    @Test("fractions are not lost, however often it is asked", arguments: [1, 7, 31, 59, 100, 1_000] as [UInt64])
    func keepsFractions(step: UInt64) {
        var bucket = TokenBucket(burst: 1_000, perSecond: 33, now: .zero)
        var (now, given) = (UInt64(0), [bucket.take(1_000, now: .zero)])
        while now < 20_000 {
            now += step
            given.append(bucket.take(0, now: time(now)))
        }
        let earned = Int(now) * 33 / 1_000
        given += [bucket.take(earned - 1, now: time(now)), bucket.take(3, now: time(now))]
        #expect(given.dropLast().allSatisfy { $0 } && given.last == false)
    }

    @Test("a rate of nothing earns nothing, and a long pause does not overflow")
    func extremes() {
        var never = TokenBucket(burst: 1, perSecond: 0, now: .zero)
        var always = TokenBucket(burst: .max, perSecond: .max, now: .zero)
        let given = [never.take(1, now: .zero), never.take(1, now: .distantFuture)]
        let more = [always.take(.max, now: .zero), always.take(1, now: .distantFuture)]
        #expect(given == [true, false] && more == [true, true])
    }

    @Test("time that goes back earns nothing")
    func reordered() {
        var bucket = TokenBucket(burst: 2, perSecond: 1_000, now: time(1_000))
        let given = [bucket.take(2, now: time(1_000)), bucket.take(1, now: time(500))]
        #expect(given == [true, false])
    }
}
