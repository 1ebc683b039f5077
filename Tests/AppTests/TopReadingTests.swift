import Testing

@testable import App

struct TopReadingTests {
    @Test("rates are what the totals grew by")
    func rates() throws {
        let before = TopViewTests.reading(at: 1_000, requests: 100, errors: 1)
        let after = TopViewTests.reading(at: 1_500, requests: 300, errors: 3)
        #expect(after.rates(since: before) == .init(requestsPerSecond: 400, errorPercent: 1))
        #expect(after.rates(since: after) == nil, "no time has passed")
        #expect(before.rates(since: TopViewTests.reading(at: 500, requests: 900, errors: 0)) == nil, "a new process")
        let idle = TopViewTests.reading(at: 2_500, requests: 300, errors: 3)
        #expect(idle.rates(since: after) == .init(requestsPerSecond: 0, errorPercent: 0))
    }

    @Test("drains that have ended are left out; one refusal is the reading's")
    func reads() async throws {
        let status = #"""
            {"version":"1","edge":"e","region":"r","generation":1,"acknowledged_generations":[1],"uptime_seconds":1,
             "is_ready":true,"is_draining":false,"totals":{},"events":[]}
            """#
        let drain = { (state: String) in
            #"""
            {"id":3,"target":"use-a","kind":"cell","mode":"ramp","state":"\#(state)","reason":"r","who":"w",
             "started_at":"t","resets_streams":false,"expires_at":"t","over_milliseconds":1,"generation":7,
             "admission_percent":1,"sessions_moved_percent":1,"is_applied":true,"is_overdue":false}
            """#
        }
        let drains = #"{"generation":1,"drains":[\#(drain("ended")),\#(drain("drained"))]}"#
        let (regions, cells) = (#"{"generation":1,"regions":[]}"#, #"{"generation":1,"cells":[]}"#)
        let client = ScriptedTransport([status, regions, cells, drains].map { .answer(200, $0) }).client
        #expect(try await TopReading(client, at: 1).drains.map(\.state) == ["drained"])
        let refusing = ScriptedTransport([.answer(200, status), .answer(403, "{}")]).client
        await #expect(throws: CommandFailure.self) { _ = try await TopReading(refusing, at: 1) }
    }
}
