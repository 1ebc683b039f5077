import Testing

/// Pools, retries, and endpoints that go away (routing.md, Retries; RFC 9113 §6.8, §8.7).
@Suite(.serialized, .timeLimit(.minutes(1)))
struct UpstreamTests {
    static let answers: ScriptedBackend.Serve = { stream in
        let body = stream.method == "GET" ? [] : try stream.body()
        try stream.respond(200, body: "\(body.count)")
    }

    /// How often a fair choice would hit each of two endpoints at least once is beyond doubt.
    static let rounds = 24

    @Test("a request that was refused is sent elsewhere, whatever its method", arguments: ["GET", "POST"])
    func refusedGoesElsewhere(method: String) throws {
        let refuses: ScriptedBackend.Serve = { $0.reset(Code.refusedStream) }
        try Stage.open(scripts: [refuses, UpstreamTests.answers]) { stage in
            let client = try FrameClient(stage.edge)
            for _ in 0..<UpstreamTests.rounds {
                let body: [UInt8]? = method == "GET" ? nil : [1, 2, 3]
                let head = FrameClient.head(method, "/")
                let answer = try client.exchange(head, body: body)
                #expect(answer.status == 200 && answer.text == "\(body?.count ?? 0)")
            }
            #expect(stage.backends.allSatisfy { !$0.requests.isEmpty })
        }
    }

    @Test func whatAGoawayLeavesOutIsSentElsewhere() throws {
        let leaves: ScriptedBackend.Serve = { stream in
            stream.connection.goAway(last: max(2, stream.id) - 2)
        }
        try Stage.open(scripts: [leaves, UpstreamTests.answers]) { stage in
            let client = try FrameClient(stage.edge)
            for _ in 0..<UpstreamTests.rounds {
                let answer = try client.exchange(FrameClient.post("/"), body: Array("body".utf8))
                #expect(answer.status == 200 && answer.text == "4")
            }
            #expect(stage.backends.allSatisfy { !$0.requests.isEmpty })
        }
    }

    @Test func whatAGoawayIncludesIsFinishedAndTheNextGoesToANewConnection() throws {
        try Stage.open { stream in
            stream.connection.goAway(last: stream.id)
            Patience.rest(0.05)
            try stream.respond(200, body: "done")
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let answers = try (0..<6).map { _ in try client.exchange(FrameClient.get("/")) }
            #expect(answers.allSatisfy { $0.text == "done" })
            #expect(stage.backend.busyConnectionCount == 6)
        }
    }

    @Test func aSafeRequestWithoutAnAnswerIsTriedOnceMore() throws {
        let breaks: ScriptedBackend.Serve = { $0.reset(Code.internalError) }
        try Stage.open(scripts: [breaks, UpstreamTests.answers]) { stage in
            let client = try FrameClient(stage.edge)
            for _ in 0..<UpstreamTests.rounds {
                let answer = try client.exchange(FrameClient.get("/"))
                #expect(answer.status == 200)
            }
            #expect(stage.backends.allSatisfy { !$0.requests.isEmpty })
            #expect(stage.backends[1].requests.count == UpstreamTests.rounds)
        }
    }

    @Test("a safe request that one endpoint could not serve is tried on another", arguments: [502, 503, 504])
    func aServerErrorIsTriedElsewhere(status: Int) throws {
        let fails: ScriptedBackend.Serve = { try $0.respond(status, body: "no") }
        try Stage.open(scripts: [fails, UpstreamTests.answers]) { stage in
            let client = try FrameClient(stage.edge)
            // Within the budget of retries; at once, so that both endpoints are chosen.
            let safe = (0..<6).map { _ in client.open(FrameClient.get("/")) }
            for stream in safe { #expect(try client.answer(to: stream).status == 200) }
            #expect(stage.backends.allSatisfy { !$0.requests.isEmpty })
            let unsafe = (0..<UpstreamTests.rounds).map { _ in client.open(FrameClient.post("/")) }
            let statuses = try unsafe.map { try client.answer(to: $0).status }
            #expect(Set(statuses) == [200, status])
        }
    }

    @Test func anUnsafeRequestThatMayHaveBeenDoneIsNotSentAgain() throws {
        let breaks: ScriptedBackend.Serve = { $0.reset(Code.internalError) }
        try Stage.open(scripts: [breaks, breaks]) { stage in
            let client = try FrameClient(stage.edge)
            for _ in 0..<4 {
                #expect(try client.exchange(FrameClient.post("/"), body: [1]).status == 502)
            }
            _ = try client.exchange(FrameClient.post("/"), body: [1])
            #expect(stage.backends.map { $0.requests.count }.reduce(0, +) == 5)
        }
    }

    @Test func aRouteWithoutRetriesHasNone() throws {
        let configuration = EdgeConfiguration(defaultRoute: "{name: default, match: {}, retries: 0}")
        let breaks: ScriptedBackend.Serve = { $0.reset(Code.internalError) }
        try Stage.open(configuration, scripts: [breaks, breaks]) { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            #expect(answer.status == 502)
            #expect(stage.backends.map { $0.requests.count }.reduce(0, +) == 1)
        }
    }

    @Test func aBodyTooLongToKeepIsNotSentAgain() throws {
        let refuses: ScriptedBackend.Serve = { stream in
            _ = try stream.body(atLeast: 100_000)
            stream.reset(Code.refusedStream)
        }
        try Stage.open(scripts: [refuses, refuses]) { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.post("/"), end: false)
            for _ in 0..<7 {
                client.send(.data(stream, [UInt8](repeating: 1, count: 16_000)))
                try client.roundTrip()
            }
            let answer = try client.answer(to: stream)
            #expect(answer.status == 503 && answer.text.contains("upstream_reset"))
            #expect(stage.backends.map { $0.requests.count }.reduce(0, +) == 1)
        }
    }

    @Test func connectionsAreSharedAndReused() throws {
        try Stage.open(serve: UpstreamTests.answers) { stage in
            let client = try FrameClient(stage.edge)
            for _ in 0..<10 { _ = try client.exchange(FrameClient.get("/")) }
            let streams = (0..<50).map { _ in client.open(FrameClient.get("/")) }
            for stream in streams { #expect(try client.answer(to: stream).status == 200) }
            #expect(stage.backend.requests.count == 60)
            #expect(stage.backend.busyConnectionCount == 1)
        }
    }

    @Test func anEndpointsLimitOfStreamsOpensFurtherConnectionsUpToTheCap() throws {
        let configuration = EdgeConfiguration(upstream: ["max_connections: 3", "pending_timeout: 5s"])
        try Stage.open(configuration, settings: [(3, 2)]) { stream in
            Patience.rest(0.1)
            stream.respond(200)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            // The first learns the limit; then six fit at once, the others wait their turn.
            _ = try client.exchange(FrameClient.get("/"))
            let streams = (0..<18).map { _ in client.open(FrameClient.get("/")) }
            for stream in streams { #expect(try client.answer(to: stream).status == 200) }
            #expect(stage.backend.busyConnectionCount == 3)
        }
    }

    @Test func anIdleConnectionIsClosedAndOpenedAgain() throws {
        let configuration = EdgeConfiguration(upstream: ["idle_timeout: 200ms"])
        try Stage.open(configuration, serve: UpstreamTests.answers) { stage in
            let client = try FrameClient(stage.edge)
            _ = try client.exchange(FrameClient.get("/"))
            try Patience.wait(for: "the idle connection to close") { stage.backend.openBusyConnectionCount == 0 }
            #expect(try client.exchange(FrameClient.get("/")).status == 200)
            #expect(stage.backend.busyConnectionCount == 2)
        }
    }

    @Test func anEndpointOverTLSIsVerified() throws {
        let certificates = try TestCertificates.shared.get()
        let folder = try TemporaryFolder()
        try folder.write("index.html", "over TLS")
        try folder.write("healthz", "ok")
        for (authority, status) in [(certificates.authority, 200), (certificates.freight.certificate, 502)] {
            let server = try Nghttpd(serving: folder, tls: certificates.localhost)
            var configuration = EdgeConfiguration(upstream: ["protocol: h2", "authorities: \(authority)"])
            configuration = configuration.with(endpoints: ["127.0.0.1:\(server.port)"])
            let edge = try RunningEdge(configuration)
            let answer = try Curl.get(edge, "/index.html")
            #expect(answer.status == status)
            if status == 200 {
                #expect(answer.body == "over TLS")
            } else {
                #expect(answer.fields["proxy-status"] == "edge-1; error=tls_certificate_error")
            }
        }
    }
}
