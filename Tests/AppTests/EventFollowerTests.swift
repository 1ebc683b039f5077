import AsyncHTTPClient
import ControlPlane
import Testing

@testable import App

struct EventFollowerTests {
    private static func message(_ number: Int, _ subject: String = "use-a") -> String {
        let json =
            #"{"number":\#(number),"time":"t","generation":1,"event":"CELL_UP","subject":"\#(subject)","cause":"c"}"#
        return "id: \(number)\ndata: \(json)\n\n"
    }
    private struct Enough: Error {}

    /// Follows until so many pauses have been made.
    private static func run(
        _ transport: ScriptedTransport, after number: UInt64 = 4, subject: String? = nil, pauses: Int
    ) async throws -> (numbers: [UInt64], pauses: [UInt64], said: Int) {
        var follower = EventFollower(client: transport.client, subject: subject, after: number)
        var (numbers, slept, said) = ([UInt64](), [UInt64](), 0)
        do {
            try await follower.follow { milliseconds in
                slept.append(milliseconds)
                if slept.count == pauses { throw Enough() }
            } say: { _ in
                said += 1
            } hand: { _, event in
                numbers.append(event.number)
            }
        } catch is Enough {}
        return (numbers, slept, said)
    }

    @Test("over lost connections none is shown twice and none is left out")
    func reconnects() async throws {
        let broken = HTTPClientError.remoteConnectionClosed
        let transport = ScriptedTransport([
            .stream([EventFollowerTests.message(5), ": there\n\n", EventFollowerTests.message(6)], broken),
            .answer(503, #"{"detail":"on its way up"}"#), .fails(broken),
            .stream([EventFollowerTests.message(6), EventFollowerTests.message(7)], broken),
            .stream(["data: no json\n\n", EventFollowerTests.message(8)], broken),
        ])
        let seen = try await EventFollowerTests.run(transport, pauses: 5)
        #expect(seen.numbers == [5, 6, 7, 8])
        #expect(seen.pauses == [250, 500, 1_000, 250, 250], "patience begins anew with every event")
        #expect(transport.lastEventIDs == ["4", "6", "6", "6", "7"])
        #expect(transport.requests[1].path == "/v1/events?follow=true&since=6")
        #expect(seen.said == 3)
    }

    @Test("one subject, with its parts")
    func subjects() async throws {
        let messages = ["use-a", "use-a/127.0.0.1:1", "use-ab", "us-east", "us-east/use-a"].enumerated().map {
            EventFollowerTests.message($0 + 5, $1)
        }
        let transport = ScriptedTransport([.stream(messages, HTTPClientError.remoteConnectionClosed)])
        let seen = try await EventFollowerTests.run(transport, subject: "use-a", pauses: 1)
        #expect(seen.numbers == [5, 6, 9])
        #expect(transport.requests[0].path == "/v1/events?follow=true&since=4&subject=use-a")
    }

    static let ends: [(ScriptedTransport.Step, CommandFailure.Code)] = [
        (.fails(ScriptedTransport.Broken(description: "Connection refused")), .unreachable),
        (.answer(401, #"{"reason":"unauthorized","detail":"who?"}"#), .refused), (.answer(503, "{}"), .refused),
    ]
    @Test("what does not work at first is not tried for ever", arguments: ends)
    func fails(step: ScriptedTransport.Step, code: CommandFailure.Code) async {
        await #expect {
            _ = try await EventFollowerTests.run(ScriptedTransport([step]), pauses: 1)
        } throws: { error in
            (error as? CommandFailure)?.code == code
        }
    }
}
