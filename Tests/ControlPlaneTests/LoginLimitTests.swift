import Model
import Testing

@testable import ControlPlane

struct LoginLimitTests {
    @Test("ten failures a minute, then how long to wait, for each address by itself")
    func limits() {
        var limit = LoginLimit()
        let start = LoopTime(nanoseconds: 1_000_000_000)
        for _ in 0..<10 { #expect(limit.failed(from: "a", now: start) == .failed) }
        #expect(limit.failed(from: "a", now: start.advanced(milliseconds: 500)) == .wait(seconds: 60))
        #expect(limit.failed(from: "a", now: start.advanced(milliseconds: 59_999)) == .wait(seconds: 1))
        #expect(limit.failed(from: "b", now: start) == .failed)
        #expect(limit.failed(from: "a", now: start.advanced(milliseconds: 60_000)) == .failed)
    }

    @Test("the oldest window makes room for a new address")
    func bounded() {
        var limit = LoginLimit()
        for number in 0..<LoginLimit.addresses {
            let now = LoopTime(nanoseconds: UInt64(number))
            for _ in 0..<11 { _ = limit.failed(from: "\(number)", now: now) }
        }
        let now = LoopTime(nanoseconds: 1_000_000)
        #expect(limit.failed(from: "new", now: now) == .failed)
        #expect(limit.failed(from: "1", now: now) == .wait(seconds: 60), "remembered")
        #expect(limit.failed(from: "0", now: now) == .failed, "forgotten")
    }
}
