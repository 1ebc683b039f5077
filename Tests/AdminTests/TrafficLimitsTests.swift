import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

struct TrafficLimitsTests {
    @Test("calls beyond the places are turned away, probes beyond the rate are not")
    func calls() async throws {
        let front = AdminFront()
        let taken = (0..<TrafficLimits.calls).compactMap { _ in front.parts.limits.calls.take() }
        #expect(try await front.ask(.get, "/v1/status").refusal == "503 overloaded")
        #expect(try await front.ask(.get, "/v1/drains/3?wait=1s").status == .ok, "waiting has places of its own")
        withExtendedLifetime(taken) {}
        let after = AdminFront()
        for _ in 0..<TrafficLimits.calls * 2 { #expect(try await after.ask(.get, "/v1/status").status == .ok) }
        while after.parts.limits.takes(from: "unix", isSocket: false) {}
        #expect(try await after.ask(.get, "/v1/status").refusal == "429 rate_limited")
        #expect(try await after.ask(.get, "/healthz", as: nil).status == .ok)
        after.clock.advance(milliseconds: 1_000)
        #expect(try await after.ask(.get, "/v1/status").status == .ok)
    }
}
