import Foundation
import Testing

/// What a route allows to be sent again, and the second attempt beside a slow first one (routing.md, Retries).
@Suite(.serialized, .timeLimit(.minutes(1)))
struct RetryTests {
    static let answers: ScriptedBackend.Serve = { stream in
        _ = stream.method == "GET" ? [] : try stream.body()
        try stream.respond(200, body: "here")
    }
    static let stalls: ScriptedBackend.Serve = { $0.hang(atMost: 20) }
    /// How often a fair choice would hit each of two endpoints at least once is beyond doubt.
    static let rounds = 20

    private func open(
        route keys: String, scripts: [ScriptedBackend.Serve], test: (Stage) throws -> Void
    ) throws {
        var configuration = EdgeConfiguration(defaultRoute: "{name: default, match: {}, \(keys)}")
        // What stalls here is for the retries to find, not for detectors.
        configuration.upstream = ["response_timeout: 15s"]
        try Stage.open(configuration, scripts: scripts, test: test)
    }

    /// Why each attempt of each request was made, as the log has it; it is written a moment later.
    private func whys(_ stage: Stage, of count: Int) throws -> [[String]] {
        var lines: [[String: Any]] = []
        try Patience.wait(for: "\(count) lines of log") {
            lines = stage.edge.folder.read("access.log").split(separator: "\n").compactMap {
                try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }.filter { $0["request_id"] != nil }
            return lines.count >= count
        }
        return lines.map { line in
            (line["attempts"] as? [[String: Any]] ?? []).map { attempt in
                "\(attempt["why"] as? String ?? "?") \(attempt["error"] as? String ?? "-")"
            }
        }
    }

    /// Asks again and again over one connection; each answer is the service's and comes within so many seconds.
    private func askRounds(_ stage: Stage, within limit: Double) throws {
        let client = try FrameClient(stage.edge)
        for _ in 0..<RetryTests.rounds {
            let seconds = try Patience.seconds {
                let answer = try client.exchange(FrameClient.get("/"))
                #expect(answer.text == "here")
            }
            #expect(seconds < limit)
        }
    }

    @Test func aHedgeWinsAgainstAStalledEndpoint() throws {
        try open(route: "hedge_after: 100ms", scripts: [RetryTests.stalls, RetryTests.answers]) { stage in
            try askRounds(stage, within: 1)
            #expect(stage.backends.allSatisfy { !$0.requests.isEmpty })
            let seen = Set(try whys(stage, of: RetryTests.rounds))
            #expect(seen == [["first -"], ["first outrun", "hedge -"]], "\(seen)")
        }
    }

    @Test func aTryThatTakesTooLongMovesOn() throws {
        try open(route: "per_try_timeout: 200ms", scripts: [RetryTests.stalls, RetryTests.answers]) { stage in
            try askRounds(stage, within: 1.5)
            let seen = Set(try whys(stage, of: RetryTests.rounds))
            // Probes find the endpoint that stalls down in the end, and the request that waits there then is rescued.
            let rescued = ["first destination_unavailable", "rescue -"]
            let others = seen.subtracting([rescued])
            #expect(others == [["first -"], ["first http_response_timeout", "retry -"]], "\(seen)")
        }
    }

    @Test func aTryThatTakesTooLongWithNobodyElseIsA504() throws {
        try open(route: "per_try_timeout: 200ms", scripts: [RetryTests.stalls]) { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            #expect(answer.status == 504 && answer.text.contains("upstream_timeout"))
        }
    }

    /// (what the route retries on, whether a 503 of one endpoint reaches the client)
    @Test("a 503 is another endpoint's chance where the route says so", arguments: [("[503]", false), ("[502]", true)])
    func aRouteSaysWhatIsRetried(causes: String, isSeen: Bool) throws {
        let fails: ScriptedBackend.Serve = { try $0.respond(503, body: "no") }
        try open(route: "retry_on: \(causes)", scripts: [fails, RetryTests.answers]) { stage in
            let client = try FrameClient(stage.edge)
            let streams = (0..<RetryTests.rounds).map { _ in client.open(FrameClient.get("/")) }
            let statuses = Set(try streams.map { try client.answer(to: $0).status })
            #expect(statuses == (isSeen ? [200, 503] : [200]))
            let seen = Set(try whys(stage, of: RetryTests.rounds))
            #expect(seen == (isSeen ? [["first -"]] : [["first -"], ["first status_503", "retry -"]]), "\(seen)")
        }
    }

    @Test(
        "an unsafe request is sent again where it has a key, and its route says that it may", arguments: [true, false])
    func aKeyMakesARequestRepeatable(hasKey: Bool) throws {
        let breaks: ScriptedBackend.Serve = { $0.reset(Code.internalError) }
        try open(route: "idempotent: true", scripts: [breaks, RetryTests.answers]) { stage in
            let client = try FrameClient(stage.edge)
            let key: Fields = hasKey ? ["idempotency-key": "k-1"] : [:]
            let streams = (0..<RetryTests.rounds).map { _ in client.open(FrameClient.post("/", key)) }
            let statuses = Set(try streams.map { try client.answer(to: $0).status })
            #expect(statuses == (hasKey ? [200] : [200, 502]))
        }
    }

    @Test func noQueueStillOpensTheFirstConnection() throws {
        let configuration = EdgeConfiguration(upstream: ["max_pending: 0"])
        try Stage.open(configuration, serve: RetryTests.answers) { stage in
            let client = try FrameClient(stage.edge)
            for _ in 0..<3 { #expect(try client.exchange(FrameClient.get("/")).status == 200) }
        }
    }
}
