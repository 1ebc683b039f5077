import Foundation
import Testing

/// The end of an edge: GOAWAY in two steps, nothing lost (RFC 9113 §6.8).
@Suite(.serialized, .timeLimit(.minutes(1)))
struct GoingAwayTests {
    @Test func sigtermWarnsThenRefusesThenFinishes() throws {
        let go = Inbox<Bool>()
        try Stage.open { stream in
            stream.respond(200, end: false)
            try stream.send(Array("begun ".utf8))
            _ = try go.take()
            try stream.send(Array("and done".utf8), end: true)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let first = client.open(FrameClient.get("/"))
            _ = try client.head(of: first)
            client.answersPings = false
            stage.edge.process.signal(SIGTERM)
            try client.wait(for: "the warning") { client.goaways.count == 1 }
            #expect(client.goaways[0] == (0x7FFF_FFFF, Code.noError))
            // On its way when the warning came: still served.
            let late = client.open(FrameClient.get("/"))
            _ = try client.head(of: late)
            client.answerPings()
            try client.wait(for: "the second GOAWAY") { client.goaways.count == 2 }
            #expect(client.goaways[1] == (late, Code.noError))
            for _ in 0..<2 { go.put(true) }
            #expect(try client.answer(to: first).text == "begun and done")
            #expect(try client.answer(to: late).text == "begun and done")
            try client.waitForClose()
            #expect(try stage.edge.process.wait(within: 5) == 0)
        }
    }

    @Test("an idle edge ends at once", arguments: [SIGTERM, SIGINT])
    func idleEdgeEnds(signal: Int32) throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            let client = try FrameClient(stage.edge)
            _ = try client.exchange(FrameClient.get("/"))
            stage.edge.process.signal(signal)
            try client.waitForClose()
            #expect(client.goaways.map(\.code).allSatisfy { $0 == Code.noError } && !client.goaways.isEmpty)
            #expect(try stage.edge.process.wait(within: 3) == 0)
        }
    }

    @Test func newConnectionsAreRefusedWhileTheLastRequestsFinish() throws {
        try Stage.open(serve: ProblemTests.never) { stage in
            let client = try FrameClient(stage.edge)
            client.open(FrameClient.get("/"))
            try Patience.wait(for: "the request") { stage.backend.requests.count == 1 }
            stage.edge.process.signal(SIGTERM)
            try client.wait(for: "GOAWAY") { !client.goaways.isEmpty }
            try Patience.wait(for: "the listener to close") {
                (try? FrameSocket(port: stage.edge.port(.plain))) == nil
            }
        }
    }

    @Test func graceIsTheLongestThatAnEndTakes() throws {
        try Stage.open(EdgeConfiguration(grace: "700ms"), serve: ProblemTests.never) { stage in
            let client = try FrameClient(stage.edge)
            client.open(FrameClient.get("/"))
            try Patience.wait(for: "the request") { stage.backend.requests.count == 1 }
            let seconds = try Patience.seconds {
                let status = try stage.edge.stop()
                #expect(status == 0)
            }
            #expect((0.6...2.0).contains(seconds))
        }
    }

    @Test func aClientThatNeverAcknowledgesIsRefusedInTheEnd() throws {
        try Stage.open(EdgeConfiguration(grace: "1s"), serve: HeaderTests.plain) { stage in
            let client = try FrameClient(stage.edge)
            _ = try client.exchange(FrameClient.get("/"))
            client.answersPings = false
            let seconds = try Patience.seconds {
                let status = try stage.edge.stop()
                #expect(status == 0)
            }
            #expect(seconds < 3)
        }
    }

    /// A second edge beside the first, and clients that honour GOAWAY (curl's, one request each).
    @Test func nothingIsLostWhenAnotherEdgeTakesOver() throws {
        try Stage.open { stream in
            Patience.rest(0.02)
            try stream.respond(200, body: "ok")
        } test: { stage in
            let other = try RunningEdge(EdgeConfiguration().with(endpoints: [stage.backend.address]))
            let takeover = Takeover(edges: [stage.edge, other])
            try takeover.run(requests: 400, stopFirstAfter: 100)
            #expect(takeover.lost == 0)
            #expect(try stage.edge.process.wait(within: 8) == 0)
        }
    }
}

/// Requests over one connection to the first edge; as it says GOAWAY, what it has not taken goes to the other.
private final class Takeover {
    let edges: [RunningEdge]
    private(set) var lost = 0

    init(edges: [RunningEdge]) { self.edges = edges }

    func run(requests: Int, stopFirstAfter: Int) throws {
        let client = try FrameClient(edges[0])
        var (open, resent): ([UInt32], Int) = ([], 0)
        for number in 0..<requests {
            if number == stopFirstAfter { edges[0].process.signal(SIGTERM) }
            if client.goaways.isEmpty, !client.isClosed {
                open.append(client.open(FrameClient.get("/\(number)")))
                if open.count > 20 { _ = try client.answer(to: open[open.count - 20]) }
            } else {
                resent += 1
            }
        }
        let last = client.goaways.last?.last ?? .max
        try client.wait(for: "the end of the first edge", within: 10) {
            open.allSatisfy { $0 > last || client.answers[$0]?.isOver == true }
        }
        resent += open.count { $0 > (client.goaways.last?.last ?? .max) && client.answers[$0]?.isEnded != true }
        let successor = try FrameClient(edges[1])
        for number in 0..<resent {
            if try successor.exchange(FrameClient.get("/again/\(number)")).status != 200 { lost += 1 }
        }
        let final = client.goaways.last?.last ?? .max
        lost += open.count { $0 <= final && client.answers[$0]?.status != 200 }
    }
}
