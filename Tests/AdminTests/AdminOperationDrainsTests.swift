import ControlPlane
import Foundation
import HTTPTypes
import HummingbirdTesting
import Policy
import Testing

@testable import Admin

struct AdminOperationDrainsTests {
    typealias Change = OperatorCommand.Change

    static let commands: [(String, Int, Change)] = [
        (#"{"target": "use-a", "reason": "r"}"#, 202, .drain(target: "use-a", mode: .ramp, overMilliseconds: nil)),
        (
            #"{"target": "use-a", "mode": "ramp", "over": "90s", "reason": "r"}"#, 202,
            .drain(target: "use-a", mode: .ramp, overMilliseconds: 90_000)
        ),
        (
            #"{"target": "us-east", "mode": "now", "reason": "r", "dry_run": true}"#, 200,
            .drain(target: "us-east", mode: .now, overMilliseconds: nil)
        ),
    ]

    @Test("a drain becomes its command; a dry run changes nothing", arguments: commands)
    func starts(body: String, status: Int, change: Change) async throws {
        let front = AdminFront()
        let answer = try await front.ask(.post, "/v1/drains", body, as: "operator")
        #expect(answer.status.code == status)
        #expect(answer.headers[.location] == (status == 202 ? "/v1/drains/3" : nil))
        #expect(front.service.commands == [OperatorCommand(change, reason: "r", who: "a operator")])
        #expect(front.service.changes == (status == 202 ? 1 : 0))
    }

    @Test("expiry and force reach the command; the end of a drain is by its id")
    func options() async throws {
        let front = AdminFront()
        let body = #"{"target": "use-a", "reason": "r", "expires_in": "12h", "force": true}"#
        _ = try await front.ask(.post, "/v1/drains", body)
        #expect(front.service.commands.map(\.expiresInMilliseconds) == [43_200_000])
        #expect(front.service.commands.map(\.isForced) == [true])
        let end = try await front.ask(.delete, "/v1/drains/3?reason=r")
        #expect(end.status == .accepted && end.text.contains("\"id\":3"))
        #expect(front.service.commands.last?.change == .undrainID(3))
        #expect(try await front.ask(.delete, "/v1/drains/4").refusal == "404 not_found")
    }

    static let wrong: [(body: String, refusal: String)] = [
        (#"{"target": "nowhere", "reason": "r"}"#, "404 unknown_target"),
        (#"{"target": "use-a", "reason": "r", "mode": "later"}"#, "400 bad_request"),
        (#"{"target": "use-a", "reason": "r", "mode": "now", "over": "3s"}"#, "400 bad_request"),
    ]

    @Test("a refusal keeps its status, its code and its words", arguments: wrong)
    func refused(body: String, refusal: String) async throws {
        let answer = try await AdminFront().ask(.post, "/v1/drains", body)
        #expect(answer.refusal == refusal && answer.headers[.contentType] == "application/problem+json")
        let stale = #"{"target": "use-a", "reason": "r", "dry_run": true}"#
        let other = try await AdminFront().ask(.post, "/v1/drains", stale, as: "admin", ["if-match": "6"])
        #expect(other.refusal == "412 stale_generation")
    }

    @Test("a drain is shown at once, or once it is settled, or when the time is over")
    func waits() async throws {
        let front = AdminFront(FakeService(pollsUntilSettled: 3))
        let first = try await front.ask(.get, "/v1/drains/3")
        let drain = try AdminJSON.decode(Status.Drain.self, from: first.data)
        #expect(drain == Samples.drain("ramping"))
        let later = try await front.ask(.get, "/v1/drains/3?wait=30s")
        #expect(later.text.contains(#""state":"drained""#))
        #expect(front.service.state.withLock { $0.polls } == 4, "it did not look once more than it had to")
        let patience = try await AdminFront(FakeService(pollsUntilSettled: 999)).ask(.get, "/v1/drains/3?wait=20s")
        #expect(patience.text.contains(#""state":"ramping""#))
        #expect(try await front.ask(.get, "/v1/drains/3?wait=31s").refusal == "400 bad_request")
        // The connection must not end before the wait does.
        #expect(Int64(AdminOperation.longestWaitMilliseconds) * 1_000_000 < ConnectionBounds.patience.nanoseconds)
    }
}
