import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

struct EventFeedTests {
    private func ids(_ answer: TestResponse) -> [String] {
        answer.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
    }

    static let rows: [(String, [String: String], [String])] = [
        ("/v1/events?follow=true&since=0", [:], ["1", "2", "3", "4", "5"]),
        ("/v1/events?since=3", ["accept": "text/event-stream"], ["4", "5"]),
        ("/v1/events?follow=true&since=1", ["last-event-id": "4"], ["5"]),
        ("/v1/events?follow=true", [:], []), ("/v1/events?follow=true&since=0&subject=use-b", [:], ["2"]),
    ]

    @Test("a feed begins after the number that its reader saw last, and ends with its source", arguments: rows)
    func replays(path: String, headers: [String: String], expected: [String]) async throws {
        let front = AdminFront()
        let answer = try await front.ask(.get, path, as: "viewer", headers)
        #expect(answer.status == .ok && answer.headers[.contentType] == "text/event-stream")
        #expect(ids(answer) == expected && answer.text.hasPrefix("retry: 2000\n\n"))
        for line in answer.text.split(separator: "\n") where line.hasPrefix("data: ") {
            #expect(line.contains(#""event":"WEIGHT_CHANGED""#))
        }
    }

    @Test("feeds have a greatest number, and give their places back")
    func bounded() async throws {
        let front = AdminFront()
        for _ in 0..<TrafficLimits.streams + 3 {
            let answer = try await front.ask(.get, "/v1/events?follow=true&since=0")
            #expect(answer.status == .ok)
        }
        #expect(try await front.ask(.head, "/v1/events?follow=true").status == .ok)
        let taken = (0..<TrafficLimits.streams).compactMap { _ in front.parts.limits.streams.take() }
        #expect(taken.count == TrafficLimits.streams)
        #expect(try await front.ask(.get, "/v1/events?follow=true").refusal == "503 overloaded")
        #expect(try await front.ask(.get, "/v1/events").status == .ok, "a page is no feed")
        withExtendedLifetime(taken) {}
        let wrong = try await front.ask(.get, "/v1/events?follow=true", as: "viewer", ["last-event-id": "x"])
        #expect(wrong.refusal == "400 bad_request")
    }

    @Test("a feed ends within two seconds of its token's end")
    func revoked() async throws {
        let clock = StepClock(longMilliseconds: .max)
        let front = AdminFront(FakeService(endsStreams: false), clock: clock)
        async let answer = front.ask(.get, "/v1/events?follow=true&since=0", as: "viewer")
        // The clock goes on only as the feed looks after its reader.
        let open = clock.clock.now().advanced(milliseconds: 3 * EventFeed.keepAliveMilliseconds)
        while clock.clock.now() < open { await Task.yield() }
        front.service.state.withLock { _ = $0.revoked.insert("viewer") }
        let end = clock.clock.now()
        let text = try await answer.text
        #expect(clock.clock.now().milliseconds(since: end) <= 2 * Doorkeeper.recheckMilliseconds)
        #expect(text.contains("id: 5\n") && text.components(separatedBy: ": still here").count >= 3)
    }
}
