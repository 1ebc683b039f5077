import Testing

/// Both directions at once, and ends that come early.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct StreamingTests {
    @Test func bothSidesTalkAtTheSameTime() throws {
        try Stage.open { stream in
            stream.respond(200, end: false)
            for turn in 1...5 {
                let heard = try stream.body(atLeast: turn)
                try stream.send([heard[turn - 1] &+ 1], end: turn == 5)
            }
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.post("/"), end: false)
            for turn in 1...5 {
                client.send(.data(stream, [UInt8(turn * 10)], end: turn == 5))
                try client.wait(for: "turn \(turn)") { client.answers[stream]?.body.count == turn }
            }
            #expect(try client.answer(to: stream).body == [11, 21, 31, 41, 51])
        }
    }

    @Test func aClientThatGivesUpIsHeardByTheEndpoint() throws {
        let heard = Inbox<UInt32>()
        try Stage.open { stream in
            stream.respond(200, end: false)
            try stream.send([1])
            heard.put(try stream.awaitReset())
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.get("/"))
            try client.wait(for: "the first octet") { client.answers[stream]?.body == [1] }
            client.send(.reset(stream, Code.cancel))
            #expect(try heard.take() == Code.cancel)
        }
    }

    @Test func aClientThatGivesUpBeforeTheAnswerIsHeardToo() throws {
        let heard = Inbox<UInt32>()
        try Stage.open {
            heard.put(try $0.awaitReset())
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.get("/"))
            try Patience.wait(for: "the request") { stage.backend.requests.count == 1 }
            client.send(.reset(stream, Code.cancel))
            #expect(try heard.take() == Code.cancel)
        }
    }

    @Test func aClientThatDisappearsIsHeardByTheEndpoint() throws {
        let heard = Inbox<UInt32>()
        try Stage.open {
            heard.put(try $0.awaitReset())
        } test: { stage in
            let client = try FrameClient(stage.edge)
            client.open(FrameClient.get("/"))
            try Patience.wait(for: "the request") { stage.backend.requests.count == 1 }
            client.socket.abort()
            #expect(try heard.take() == Code.cancel)
            // curl says good-bye to TLS and closes.
            #expect(try Curl.get(stage.edge, "/", .secure, ["--max-time", "0.3"]).exit == 28)
            #expect(try heard.take() == Code.cancel)
        }
    }

    /// A client that has said all it will may still listen (RFC 9113 does not forbid half-closed TCP).
    @Test func aClientThatHasSaidAllStillHearsTheAnswer() throws {
        let go = Inbox<Bool>()
        try Stage.open { stream in
            _ = try go.take()
            try stream.respond(200, body: "late")
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.get("/"))
            try Patience.wait(for: "the request") { stage.backend.requests.count == 1 }
            client.socket.shutWriting()
            go.put(true)
            #expect(try client.answer(to: stream).text == "late")
        }
    }

    /// An endpoint's own codes pass; what it says of the edge's frames is between the two.
    @Test(
        "a reset in the middle of an answer passes",
        arguments: [
            (Code.cancel, Code.cancel), (Code.internalError, Code.internalError),
            (Code.enhanceYourCalm, Code.enhanceYourCalm), (Code.protocolError, Code.internalError),
        ])
    func aResetPasses(from code: UInt32, to expected: UInt32) throws {
        try Stage.open { stream in
            stream.respond(200, end: false)
            try stream.send(Array("half".utf8))
            stream.reset(code)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let answer = try client.exchange(FrameClient.get("/"))
            #expect(answer.status == 200 && !answer.isEnded)
            #expect(answer.reset == expected)
        }
    }

    @Test func aBrokenEndpointIsNoWholeAnswer() throws {
        try Stage.open { stream in
            stream.respond(200, end: false)
            try stream.send(Array("half".utf8))
            stream.connection.close()
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            #expect(answer.status == 200 && !answer.isEnded && answer.reset == Code.internalError)
            #expect(try Curl.get(stage.edge, "/", .secure).exit == 92)
        }
    }

    @Test func anAnswerBeforeTheEndOfAnUploadIsWhole() throws {
        try Stage.open { stream in
            stream.respond(413, end: false)
            try stream.send(Array("too much".utf8), end: true)
            stream.reset(Code.noError)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.post("/"), end: false)
            client.send(.data(stream, [UInt8](repeating: 0, count: 1_000)))
            let answer = try client.answer(to: stream)
            #expect(answer.status == 413 && answer.text == "too much" && answer.isEnded)
            // A moment to end by itself, then it is told that nobody listens.
            client.send(.data(stream, [UInt8](repeating: 0, count: 1_000)))
            try client.wait(for: "the reset") { client.answers[stream]?.reset == Code.noError }
            #expect(client.goaways.isEmpty)
            let folder = try TemporaryFolder()
            let file = try folder.write("upload", byteCount: 2_000_000)
            let curl = try Curl.get(stage.edge, "/", .secure, ["--data-binary", "@\(file)"])
            #expect(curl.status == 413 && curl.body == "too much")
        }
    }

    @Test func anEndpointThatDoesNotReadStopsTheUpload() throws {
        let counts = Inbox<Int>()
        try Stage.open { stream in
            counts.put(try stream.body(atLeast: 65_535).count)
            stream.hang()
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.post("/", ["x-test-stall": "1"]), end: false)
            let chunk = [UInt8](repeating: 1, count: 16_384)
            var (sent, window, connection) = (0, 65_536, 65_535)
            func send() {
                while window - sent >= chunk.count, connection - sent >= chunk.count {
                    client.send(.data(stream, chunk))
                    sent += chunk.count
                }
            }
            // As much as windows allow, until they do not open any more.
            for _ in 0..<40 {
                send()
                try client.roundTrip()
                window = 65_536 + (client.windowUpdates[stream] ?? 0)
                connection = 65_535 + (client.windowUpdates[0] ?? 0)
            }
            #expect(try counts.take() >= 65_535)
            #expect(sent <= 4 * 65_536, "the edge took \(sent) octets that nobody reads")
        }
    }

    @Test func aStreamLongerThanItsTimeoutsGoesOnWhereTheRouteSaysSo() throws {
        let configuration = EdgeConfiguration(
            upstream: ["response_timeout: 300ms"],
            routes: ["{name: events, match: {path_prefix: /events}, streaming: true, timeout: 300ms}"],
            defaultRoute: "{name: default, match: {}, timeout: 300ms}")
        try Stage.open(configuration) { stream in
            stream.respond(200, end: false)
            for _ in 0..<8 {
                try stream.send([46])
                Patience.rest(0.1)
            }
            try stream.send([46], end: true)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let (events, plain) = (client.open(FrameClient.get("/events")), client.open(FrameClient.get("/")))
            #expect(try client.answer(to: events).text == ".........")
            let cut = try client.answer(to: plain)
            #expect(cut.reset != nil && !cut.isEnded)
        }
    }
}
