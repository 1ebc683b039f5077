import Testing

/// Clients that break rules, by mistake or on purpose: refused before anything goes upstream, at nobody else's cost.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct HostileClientTests {
    static let ok: ScriptedBackend.Serve = { try $0.respond(200, body: "ok") }

    /// Somebody else is served at once.
    static func expectOthersAreServed(_ stage: Stage, at location: SourceLocation = #_sourceLocation) throws {
        let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/other"), within: 1)
        #expect(answer.status == 200, sourceLocation: location)
        #expect(stage.edge.process.exitStatus == nil, sourceLocation: location)
    }

    @Test func halfAPrefaceIsClosedInTime() throws {
        try Stage.open(EdgeConfiguration(limits: ["preface: 300ms", "handshake: 300ms"]), serve: HostileClientTests.ok)
        { stage in
            for count in [0, 1, 12, 24] {
                let socket = try FrameSocket(port: stage.edge.port(.plain))
                socket.write(Array(Frame.preface.prefix(count)))
                let seconds = try Patience.seconds { _ = try socket.readToEnd(within: 3) }
                #expect((0.25...1.5).contains(seconds), "\(count) octets")
            }
            try HostileClientTests.expectOthersAreServed(stage)
        }
    }

    @Test(
        "another protocol is closed",
        arguments: [
            "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "\u{16}\u{3}\u{1}",
        ])
    func anotherProtocol(greeting: String) throws {
        try Stage.open(EdgeConfiguration(limits: ["preface: 500ms"]), serve: HostileClientTests.ok) { stage in
            let socket = try FrameSocket(port: stage.edge.port(.plain))
            socket.write(Array(greeting.utf8))
            _ = try socket.readToEnd(within: 3)
            try HostileClientTests.expectOthersAreServed(stage)
        }
    }

    static let base: Fields = [":method": "GET", ":scheme": "http", ":authority": "localhost", ":path": "/"]
    struct Malformed: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let fields: Fields
        init(_ what: String, _ fields: Fields) { (testDescription, self.fields) = (what, fields) }
    }

    static let malformed: [Malformed] = [
        Malformed("no path", [":method": "GET", ":scheme": "http", ":authority": "localhost"]),
        Malformed("an empty path", [":method": "GET", ":scheme": "http", ":authority": "localhost", ":path": ""]),
        Malformed("no method", [":scheme": "http", ":authority": "localhost", ":path": "/"]),
        Malformed("no scheme", [":method": "GET", ":authority": "localhost", ":path": "/"]),
        Malformed("two paths", base + [":path": "/b"]),
        Malformed("two methods", base + [":method": "POST"]),
        Malformed("two authorities", base + [":authority": "b"]),
        Malformed("an unknown pseudo-header", base + [":hello": "x"]),
        Malformed("a response's pseudo-header", base + [":status": "200"]),
        Malformed(
            "a pseudo-header after a field",
            [
                ":method": "GET", ":scheme": "http", "x": "1", ":authority": "localhost", ":path": "/",
            ]),
        Malformed("an upper-case name", base + ["X-Upper": "1"]),
        Malformed("an empty name", base + ["": "1"]),
        Malformed("a space in a name", base + ["x y": "1"]),
        Malformed("a line break in a value", base + ["x": "1\r\nhost: b"]),
        Malformed("a NUL in a value", base + ["x": "1\0"]),
        Malformed(
            "a line break in the path",
            [
                ":method": "GET", ":scheme": "http", ":authority": "localhost", ":path": "/\r\nx: y",
            ]),
        Malformed(
            "a space in the method", [":method": "GET /", ":scheme": "http", ":authority": "localhost", ":path": "/"]),
        Malformed("connection", base + ["connection": "close"]),
        Malformed("keep-alive", base + ["keep-alive": "1"]),
        Malformed("proxy-connection", base + ["proxy-connection": "keep-alive"]),
        Malformed("transfer-encoding", base + ["transfer-encoding": "chunked"]),
        Malformed("upgrade", base + ["upgrade": "h2c"]),
        Malformed("te other than trailers", base + ["te": "gzip"]),
        Malformed("two lengths that differ", base + ["content-length": "1", "content-length": "2"]),
        Malformed("a length that is no number", base + ["content-length": "x"]),
        Malformed("a negative length", base + ["content-length": "-1"]),
        Malformed("a length and no body", base + ["content-length": "5"]),
        Malformed(
            "a path that is no path", [":method": "GET", ":scheme": "http", ":authority": "localhost", ":path": "x"]),
    ]

    @Test("a malformed request is refused before it goes anywhere", arguments: malformed)
    func malformedRequest(_ malformed: Malformed) throws {
        try Stage.open(serve: HostileClientTests.ok) { stage in
            let client = try FrameClient(stage.edge)
            let answer = try client.exchange(malformed.fields)
            #expect(answer.reset == Code.protocolError || answer.status == 400, "\(answer)")
            #expect(stage.backend.requests.isEmpty)
            // One bad request is no reason to drop the others of the connection.
            let next = try client.exchange(FrameClient.get("/next"))
            #expect(next.status == 200)
        }
    }

    @Test("a body that contradicts its length is no request", arguments: [2, 8])
    func bodyAgainstLength(byteCount: Int) throws {
        let heard = Inbox<Bool>()
        try Stage.open { stream in
            heard.put((try? stream.body()) == nil)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.post("/", ["content-length": "5"]), end: false)
            client.send(.data(stream, [UInt8](repeating: 1, count: byteCount), end: true))
            #expect(try client.answer(to: stream).reset == Code.protocolError)
            if !stage.backend.requests.isEmpty { #expect(try heard.take(), "the endpoint took it for whole") }
        }
    }

    @Test func tooLongAHeadIsAnsweredOnceAndEndsTheConnection() throws {
        try Stage.open(serve: HostileClientTests.ok) { stage in
            let client = try FrameClient(stage.edge)
            #expect(client.settings[6] == 65_536)
            var fields = FrameClient.get("/")
            for index in 0..<90 { fields.append("x-\(index)", String(repeating: "a", count: 1_000)) }
            let stream = client.newStream()
            client.sendSplit(stream, fields)
            try client.wait(for: "GOAWAY") { !client.goaways.isEmpty }
            #expect(client.goaways.last?.code == Code.enhanceYourCalm)
            #expect(client.answers[stream]?.status == 431)
            #expect(stage.backend.requests.isEmpty)
            try client.waitForClose()
            try HostileClientTests.expectOthersAreServed(stage)
        }
    }

    @Test func tooManyFieldsAreAnswered() throws {
        try Stage.open(serve: HostileClientTests.ok) { stage in
            let client = try FrameClient(stage.edge)
            var fields = FrameClient.get("/")
            for index in 0..<200 { fields.append("x-\(index)", "1") }
            let answer = try client.exchange(fields)
            ProblemTests.expect(answer, 431, "too_many_headers")
            #expect(stage.backend.requests.isEmpty)
        }
    }

    @Test func whatTheEdgeAllowsPasses() throws {
        try Stage.open(serve: HostileClientTests.ok) { stage in
            var fields = FrameClient.get("/")
            for index in 0..<60 { fields.append("x-\(index)", String(repeating: "b", count: 900)) }
            let client = try FrameClient(stage.edge)
            let stream = client.newStream()
            client.sendSplit(stream, fields)
            #expect(try client.answer(to: stream).status == 200)
            #expect(stage.backend.requests.first?.list.count { $0.name.hasPrefix("x-") && $0.value.count == 900 } == 60)
        }
    }
}
