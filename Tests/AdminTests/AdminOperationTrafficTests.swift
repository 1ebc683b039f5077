import ControlPlane
import Foundation
import HTTPTypes
import HummingbirdTesting
import Policy
import Testing

@testable import Admin

struct AdminOperationTrafficTests {
    typealias Change = OperatorCommand.Change

    static let commands: [(HTTPRequest.Method, String, String?, Int, Change)] = [
        (
            .put, "/v1/cells/use-a/weight", #"{"percent": 37, "reason": "r"}"#, 200,
            .setWeight(cell: "use-a", percent: 37)
        ),
        (.delete, "/v1/cells/use%2Da/weight?reason=%72", nil, 200, .resetWeight(cell: "use-a")),
        (
            .put, "/v1/regions/us-east/dial", #"{"percent": 0.0, "reason": "r"}"#, 200,
            .setDial(region: "us-east", percent: 0)
        ),
        (.delete, "/v1/regions/us-east/dial?reason=r", nil, 200, .resetDial(region: "us-east")),
    ]

    @Test("each change becomes its command, by the caller's name", arguments: commands)
    func changes(
        method: HTTPRequest.Method, path: String, body: String?, status: Int, change: OperatorCommand.Change
    ) async throws {
        let front = AdminFront()
        let answer = try await front.ask(method, path, body, as: "operator")
        #expect(answer.status.code == status && answer.headers[.eTag] == "\"7\"")
        #expect(front.service.commands == [OperatorCommand(change, reason: "r", who: "a operator")])
        let socket = AdminFront(isSocket: true)
        _ = try await socket.ask(method, path, body)
        #expect(socket.service.commands.map(\.who) == ["admin socket"])
    }

    @Test("what is asked for reaches the audit log")
    func detail() async throws {
        let front = AdminFront()
        let body = #"{"reason": "r", "percent": 1, "expires_in": "2h"}"#
        _ = try await front.ask(.put, "/v1/cells/use-a/weight", body, as: "operator", ["if-match": "7"])
        _ = try await front.ask(.delete, "/v1/cells/use-a/weight?reason=back", as: "operator")
        let contexts = front.service.state.withLock { $0.contexts }
        #expect(contexts.map(\.action) == ["weight.set", "weight.reset"])
        #expect(contexts.map(\.detail) == [#"{"expires_in":"2h","percent":1,"reason":"r"}"#, #"{"reason":"back"}"#])
        #expect(contexts.map(\.ifMatch) == [7, nil] && contexts.map(\.caller.role) == [.operator, .operator])
        #expect(front.service.commands.map(\.expiresInMilliseconds) == [7_200_000, nil])
    }
}
