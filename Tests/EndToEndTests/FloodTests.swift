import Testing

/// Clients that attack: each is told to calm down or closed, the edge stays small, and others are served meanwhile.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct FloodTests {
    struct Flood: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Frames of one burst; the attacker sends bursts until the edge has had enough.
        let burst: @Sendable (_ number: UInt32) -> [UInt8]
        /// What of it the edge may say before it closes.
        var codes: Set<UInt32> = [Code.enhanceYourCalm]
    }

    private static func each(_ number: UInt32, _ count: UInt32, _ frames: (UInt32) -> [Frame]) -> [UInt8] {
        (0..<count).flatMap { index in frames((number * count + index) * 2 + 1).flatMap(\.bytes) }
    }

    static let get = FrameClient.get("/flood")
    static let floods: [Flood] = [
        Flood(testDescription: "requests that are reset at once") { number in
            each(number, 200) { [.headers($0, get, end: true), .reset($0, Code.cancel)] }
        },
        Flood(
            testDescription: "malformed requests",
            burst: { number in each(number, 200) { [.headers($0, [":method": "GET"], end: true)] } }),
        Flood(testDescription: "PING that nobody waits for") { _ in
            (0..<1_000).flatMap { _ in Frame(.ping, [UInt8](repeating: 1, count: 8)).bytes }
        },
        Flood(testDescription: "SETTINGS without end") { _ in
            (0..<1_000).flatMap { _ in Frame.settings([(4, 65_535)]).bytes }
        },
        Flood(testDescription: "PRIORITY without end") { number in
            each(number, 1_000) { [Frame(.priority, stream: $0 % 1_000_001, [0, 0, 0, 0, 16])] }
        },
        Flood(testDescription: "frames of unknown types") { _ in
            (0..<1_000).flatMap { _ in Frame(type: 99, [1, 2, 3]).bytes }
        },
        Flood(testDescription: "WINDOW_UPDATE of one octet") { _ in
            (0..<1_000).flatMap { _ in Frame.windowUpdate(0, 1).bytes }
        },
        Flood(testDescription: "a head that never ends") { number in
            let head = Frame(.headers, flags: Frame.endStream, stream: 1, get.encoded).bytes
            let rest = Frame(
                .continuation, stream: 1,
                ([("x", "y")] as [(String, String)]).flatMap { _ in
                    Fields(dictionaryLiteral: ("x-more", String(repeating: "a", count: 500))).encoded
                }
            ).bytes
            return (number == 0 ? head : []) + (0..<50).flatMap { _ in rest }
        },
    ]

    @Test("an attack ends", arguments: floods)
    func attackEnds(_ flood: Flood) throws {
        try Stage.open(serve: HostileClientTests.ok) { stage in
            for _ in 0..<5 { try HostileClientTests.expectOthersAreServed(stage) }
            let before = stage.edge.process.residentBytes
            let attacker = try FrameClient(port: stage.edge.port(.plain))
            var number: UInt32 = 0
            let deadline = Patience.now + 20
            // It reads nothing; writing fails once the edge has closed.
            while Patience.now < deadline, attacker.socket.write(flood.burst(number)) {
                number += 1
                if number % 20 == 0 { try HostileClientTests.expectOthersAreServed(stage) }
            }
            #expect(Patience.now < deadline, "after \(number) bursts the edge still listens")
            try HostileClientTests.expectOthersAreServed(stage)
            let grown = stage.edge.process.residentBytes - before
            #expect(grown < 32 << 20, "\(grown >> 20) MiB more")
        }
    }

    @Test func aHeadThatTakesTooLongIsClosed() throws {
        try Stage.open(EdgeConfiguration(limits: ["header_block: 300ms"]), serve: HostileClientTests.ok) { stage in
            let client = try FrameClient(stage.edge)
            client.send(Frame(.headers, flags: Frame.endStream, stream: 1, FloodTests.get.encoded))
            let seconds = try Patience.seconds { try client.waitForClose() }
            #expect((0.25...2.5).contains(seconds))
            try HostileClientTests.expectOthersAreServed(stage)
        }
    }

    @Test func anIdleClientIsToldToGo() throws {
        let configuration = EdgeConfiguration(limits: ["idle: 500ms"])
        try Stage.open(configuration, serve: HostileClientTests.ok) { stage in
            let client = try FrameClient(stage.edge)
            _ = try client.exchange(FrameClient.get("/"))
            try client.waitForClose(within: 20)
            #expect(client.goaways.last?.code == Code.noError)
        }
    }

    @Test func aBurstOfRequestsOfOneClientDoesNotDelayAnothers() throws {
        try Stage.open(serve: HostileClientTests.ok) { stage in
            let busy = try FrameClient(stage.edge)
            for round in 0..<10 {
                for _ in 0..<100 { busy.open(FrameClient.get("/\(round)")) }
                try HostileClientTests.expectOthersAreServed(stage)
                try busy.wait(for: "the answers") { busy.answers.count(where: \.value.isOver) == (round + 1) * 100 }
            }
        }
    }
}
