import Model
import Support
import Testing

@testable import ControlPlane

struct LoginLimitTests {
    static let start = LoopTime(nanoseconds: 3_000_000_000)

    @Test("ten failures a minute, then how long to wait, for each address by itself")
    func limits() {
        var limit = LoginLimit()
        let start = Self.start
        for _ in 0..<10 { #expect(limit.failed(from: "192.0.2.1", now: start) == .failed) }
        #expect(limit.failed(from: "192.0.2.1", now: start.advanced(milliseconds: 500)) == .wait(seconds: 60))
        #expect(limit.failed(from: "192.0.2.1:4711", now: start.advanced(milliseconds: 59_999)) == .wait(seconds: 1))
        #expect(limit.failed(from: "192.0.2.2", now: start) == .failed)
        #expect(limit.failed(from: "192.0.2.1", now: start.advanced(milliseconds: 60_000)) == .failed)
    }

    static let sources: [(String, String, Bool)] = [
        ("2001:db8::1", "[2001:db8::2]:443", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ("192.0.2.1", "192.0.2.2", false), ("unix", "unix", true),
    ]

    @Test("a /64 is one address", arguments: sources)
    func groups(first: String, second: String, areOne: Bool) {
        var limit = LoginLimit()
        for _ in 0..<LoginLimit.failures { #expect(limit.failed(from: first, now: Self.start) == .failed) }
        #expect((limit.failed(from: second, now: Self.start) != .failed) == areOne)
    }

    @Test("the oldest window makes room for a new address")
    func bounded() {
        var limit = LoginLimit()
        var now = Self.start
        // Slowly enough that all together stay below their limit.
        for number in 0..<LoginLimit.addresses + 200 {
            now = now.advanced(milliseconds: 120)
            #expect(limit.failed(from: "\(number)", now: now) == .failed)
            #expect(limit.count <= LoginLimit.addresses)
        }
    }

    /// However many addresses fail: no address, and not all together, gets more answers in a minute than two windows
    /// have, waits are true, and memory is bounded. Replay: PORTOLAN_SEED=<seed>.
    @Test func holdsWhateverComes() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<6 {
            let note = Comment(rawValue: "seed \(random.seed), round \(round)")
            let addresses = 1 + random.next(below: 900)
            var limit = LoginLimit()
            var passed: [String: [LoopTime]] = [:]
            var all: [LoopTime] = []
            var now = Self.start
            for _ in 0..<4_000 {
                now = now.advanced(milliseconds: UInt64(random.next(below: 120)))
                let source = "10.0.\(random.next(below: addresses) / 250).\(random.next(below: 250))"
                switch limit.failed(from: source, now: now) {
                case .failed:
                    passed[source, default: []].append(now)
                    all.append(now)
                case .wait(let seconds): try #require((1...60).contains(seconds), note)
                }
                try #require(limit.count <= LoginLimit.addresses, note)
            }
            try #require(Self.mostInAMinute(all) <= 2 * LoginLimit.failuresOfAll, note)
            for times in passed.values {
                try #require(Self.mostInAMinute(times) <= 2 * LoginLimit.failures, note)
            }
        }
    }

    static func mostInAMinute(_ times: [LoopTime]) -> Int {
        var (most, first) = (0, 0)
        for (index, time) in times.enumerated() {
            while time.milliseconds(since: times[first]) >= 60_000 { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }
}
