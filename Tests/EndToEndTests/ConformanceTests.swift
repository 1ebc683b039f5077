import Testing

/// RFC 9113 frame by frame: what h2spec asks of a server, as cases of our own.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ConformanceTests {
    enum Verdict: Sendable {
        /// GOAWAY with one of these codes, then the end.
        case connection(Set<UInt32>)
        /// RST_STREAM of that stream with one of these codes; the connection may go as well.
        case stream(UInt32, Set<UInt32>)
        /// All goes on.
        case fine
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let verdict: Verdict
        let act: @Sendable (FrameClient) throws -> Void

        init(_ what: String, _ verdict: Verdict, _ act: @escaping @Sendable (FrameClient) throws -> Void) {
            (testDescription, self.verdict, self.act) = (what, verdict, act)
        }

        /// Frames, and nothing else.
        init(_ what: String, _ verdict: Verdict, _ frames: Frame...) {
            self.init(what, verdict) { client in client.socket.write(frames.flatMap(\.bytes)) }
        }
    }

    @Test("frames and their sizes", arguments: framesCases)
    func frames(_ item: Case) throws { try ConformanceTests.judge(item) }
    @Test("states of streams", arguments: statesCases)
    func states(_ item: Case) throws { try ConformanceTests.judge(item) }
    @Test("settings, PING and windows", arguments: controlCases)
    func control(_ item: Case) throws { try ConformanceTests.judge(item) }
    @Test("field blocks", arguments: blocksCases)
    func blocks(_ item: Case) throws { try ConformanceTests.judge(item) }

    private static func judge(_ item: Case) throws {
        try Stage.open { stream in
            if stream.path == "/slow" { return stream.hang(atMost: 5) }
            _ = try stream.body()
            try stream.respond(200, body: "0123456789")
        } test: { stage in
            let client = try FrameClient(stage.edge)
            try item.act(client)
            switch item.verdict {
            case .connection(let codes): try expectEnd(of: client, codes)
            case .stream(let stream, let codes): try expectReset(of: stream, client, codes)
            case .fine:
                try client.roundTrip()
                #expect(client.goaways.isEmpty)
            }
            try HostileClientTests.expectOthersAreServed(stage)
        }
    }

    private static func expectEnd(of client: FrameClient, _ codes: Set<UInt32>) throws {
        try client.waitForClose()
        let code = try #require(client.goaways.last?.code, "closed without a word")
        #expect(codes.contains(code), "GOAWAY said \(code)")
    }

    private static func expectReset(of stream: UInt32, _ client: FrameClient, _ codes: Set<UInt32>) throws {
        try client.wait(for: "a reset or GOAWAY") {
            client.answers[stream]?.reset != nil || !client.goaways.isEmpty
        }
        let code = try #require(client.answers[stream]?.reset ?? client.goaways.last?.code)
        #expect(codes.contains(code), "the code was \(code)")
    }
}
