import Testing

/// What of a head reaches the other side, and what the edge says by itself (interfaces.md).
@Suite(.serialized, .timeLimit(.minutes(1)))
struct HeaderTests {
    /// A backend that answers with nothing of interest.
    static let plain: ScriptedBackend.Serve = { $0.respond(200) }

    @Test func aRequestsFieldsArriveInOrderWithDuplicatesAndAllOctets() throws {
        let sent: Fields = [
            "x-b": "1", "x-a": "first", "cookie": "a=1", "x-a": "second", "cookie": "b=2",
            "x-bytes": "\u{80}\u{FF} end",
            "x-empty": "", "authorization": "Bearer secret", "accept": "*/*",
        ]
        try Stage.open(serve: HeaderTests.plain) { stage in
            _ = try FrameClient(stage.edge).exchange(FrameClient.get("/", sent))
            let seen = try #require(stage.backend.requests.first)
            #expect(seen.only("x-b", "x-a", "cookie", "x-bytes", "x-empty", "authorization", "accept") == sent)
            #expect(seen.list.prefix(4).allSatisfy { $0.name.hasPrefix(":") })
            #expect(seen[":path"] == "/" && seen[":method"] == "GET" && seen[":authority"] == "localhost")
        }
    }

    @Test func anAnswersFieldsArriveInOrderWithDuplicatesAndAllOctets() throws {
        let sent: Fields = [
            "set-cookie": "a=1; Path=/", "x-z": "1", "set-cookie": "b=2", "x-bytes": "\u{E4}\u{80}", "vary": "a",
            "vary": "b", "x-empty": "",
        ]
        try Stage.open {
            $0.respond(200, sent)
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            #expect(answer.fields?.only("set-cookie", "x-z", "x-bytes", "vary", "x-empty") == sent)
        }
    }

    @Test func aBackendLearnsWhoAskedAndHow() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            let answer = try Curl.get(stage.edge, "/", .secure)
            #expect(answer.status == 200)
            let seen = try #require(stage.backend.requests.first)
            #expect(seen["x-forwarded-for"] == "127.0.0.1")
            #expect(seen["x-forwarded-proto"] == "https")
            #expect(seen[":authority"] == "localhost:\(stage.edge.port(.secure))")
            #expect(seen["via"]?.contains("edge-1") == true)
            #expect((seen["x-request-id"]?.count ?? 0) >= 16)
            #expect(seen["traceparent"]?.wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]/) != nil)
        }
    }

    static let forwarded: Fields = [
        "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "x-forwarded-host": "shop.example.com",
        "x-request-id": "their-own-id", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "forwarded": "for=203.0.113.9",
    ]

    @Test func aTrustedProxysWordIsKeptAndAddedTo() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            _ = try FrameClient(stage.edge).exchange(FrameClient.get("/", HeaderTests.forwarded))
            let seen = try #require(stage.backend.requests.first)
            #expect(seen.all("x-forwarded-for").joined(separator: ", ") == "203.0.113.9, 127.0.0.1")
            #expect(seen["x-forwarded-proto"] == "https")
            #expect(seen["x-forwarded-host"] == "shop.example.com")
            #expect(seen["x-request-id"] == "their-own-id")
            #expect(seen["traceparent"] == HeaderTests.forwarded["traceparent"])
        }
    }

    @Test func aStrangersWordIsReplaced() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            _ = try FrameClient(stage.edge, .strangers).exchange(FrameClient.get("/", HeaderTests.forwarded))
            let seen = try #require(stage.backend.requests.first)
            #expect(seen.all("x-forwarded-for") == ["127.0.0.1"])
            #expect(seen.all("x-forwarded-proto") == ["http"])
            #expect(!seen.has("x-forwarded-host") && seen[":authority"] == "localhost")
            #expect(seen["x-request-id"] != "their-own-id" && seen.all("x-request-id").count == 1)
            #expect(seen["traceparent"]?.contains("0af7651916cd43dd8448eb211c80319c") == false)
            #expect(!seen.has("forwarded"))
        }
    }

    @Test func viaIsAppendedToWhoeverWroteIt() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            let head = FrameClient.get("/", ["via": "1.1 cache.example.com"])
            _ = try FrameClient(stage.edge, .strangers).exchange(head)
            let via = try #require(stage.backend.requests.first).all("via").joined(separator: ", ")
            #expect(via.hasPrefix("1.1 cache.example.com, 2.0 edge-1"))
        }
    }

    @Test func fieldsOfTheEdgeItselfPassInNeitherDirection() throws {
        let sent: Fields = ["x-portolan-owner": "eu", "x-portolan-region": "mars", "x-portolan-anything": "1"]
        try Stage.open(EdgeConfiguration(exposesDecision: false)) {
            $0.respond(200, sent)
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/", sent))
            let seen = try #require(stage.backend.requests.first)
            #expect(!seen.list.contains { $0.name.hasPrefix("x-portolan-") })
            #expect(answer.fields?.list.contains { $0.name.hasPrefix("x-portolan-") } == false)
        }
    }

    @Test func aHostFieldBesideTheAuthorityIsDropped() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            _ = try FrameClient(stage.edge).exchange(FrameClient.get("/", ["host": "localhost"]))
            let seen = try #require(stage.backend.requests.first)
            #expect(!seen.has("host") && seen[":authority"] == "localhost")
        }
    }

    @Test func trailersPassBothWays() throws {
        let (asked, answered): (Fields, Fields) = (["x-checksum": "abc"], ["grpc-status": "0", "x-note": "\u{FE}"])
        try Stage.open { stream in
            _ = try stream.body()
            stream.respond(200, end: false)
            try stream.send(Array("body".utf8))
            stream.trailers(answered + (stream.receivedTrailers ?? [:]))
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.post("/", ["te": "trailers"]), end: false)
            client.send(.data(stream, [1, 2, 3]), .headers(stream, asked, end: true))
            let answer = try client.answer(to: stream)
            #expect(answer.text == "body")
            #expect(answer.trailers == answered + asked)
        }
    }

    @Test func trailersPassWithoutABody() throws {
        try Stage.open { stream in
            stream.respond(200, end: false)
            stream.trailers(["grpc-status": "5"])
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            #expect(answer.status == 200 && answer.body.isEmpty)
            #expect(answer.trailers == ["grpc-status": "5"])
        }
    }
}
