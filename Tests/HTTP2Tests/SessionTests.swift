import Model
import Support
import Testing

@testable import HTTP2

/// Two sessions joined in memory: which frames pass, and what their owners are told.
struct SessionTests {
    private func body(_ count: Int, isFinal: Bool = true) -> Recorder.Body {
        Recorder.Body(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0) }, isFinal: isFinal)
    }

    @Test func greeting() throws {
        let link = Link()
        link.settle()
        try Golden.check(link.transcript, "greeting")
    }

    @Test("a request and its answer, both with bodies and trailers")
    func requestAndResponse() throws {
        let link = Link.greeted()
        var upload = body(5)
        upload.trailers = link.client.block([("x-sum", "1")])
        let stream = link.request("POST", body: upload, tag: 42, ["a": "1", "b": "2", "a": "3"])
        link.toServer()
        var download = body(20_000)
        download.trailers = link.server.block([("grpc-status", "0"), ("x-sum", "2")])
        link.respond(stream, [":status": "200", "a": "1", "a": "2"], body: download)
        link.settle()
        try Golden.check(link.transcript, "request-and-response")
        #expect(
            link.server.owner.takeSaid() == [
                "head 1 request :method=POST :scheme=https :path=/ :authority=a.example a=1 b=2 a=3", "data 1 5",
                "head 1 trailers end x-sum=1", "end 1", "sent 1", "closed 1 0",
            ])
        #expect(
            link.client.owner.takeSaid() == [
                "head 1 response :status=200 a=1 a=2", "data 1 16384", "data 1 3616",
                "head 1 trailers end grpc-status=0 x-sum=2", "end 1", "closed 1 0",
            ])
        #expect(link.client.owner.received[1] == body(20_000).bytes)
        #expect(Set(link.client.owner.tags) == [42], "the tag comes with everything about the stream")
    }

    @Test("heads before the answer: 103, 100")
    func informational() throws {
        let link = Link.greeted()
        let stream = link.request("POST", body: body(3, isFinal: false), ["expect": "100-continue"])
        link.toServer()
        link.server.session.inform(stream, link.server.block([(":status", "103"), ("link", "</a.css>")]))
        link.server.session.inform(stream, link.server.block([(":status", "100")]))
        link.settle()
        link.client.owner.bodies[stream]?.isFinal = true
        link.client.session.resume(stream)
        link.toServer()
        link.respond(stream, [":status": "204"])
        link.settle()
        try Golden.check(link.transcript, "informational")
        #expect(
            link.client.owner.takeSaid().filter { $0.hasPrefix("head") } == [
                "head 1 informational :status=103 link=</a.css>", "head 1 informational :status=100",
                "head 1 response end :status=204",
            ])
    }

    @Test("answers without a body", arguments: [("HEAD", "200", "5"), ("GET", "304", "5"), ("GET", "204", nil)])
    func noBody(method: String, status: String, length: String?) {
        let link = Link.greeted()
        let stream = link.request(method)
        link.toServer()
        if let length {
            link.respond(stream, [":status": status, "content-length": length])
        } else {
            link.respond(stream, [":status": status])
        }
        link.settle()
        #expect(link.transcript == ["> HEADERS 1 end", "< HEADERS 1 end"])
        #expect(link.client.owner.takeSaid().last == "closed 1 0")
    }

    @Test("an empty body that is announced late is an empty DATA frame")
    func emptyBody() {
        let link = Link.greeted()
        let stream = link.request()
        link.toServer()
        link.respond(stream, [":status": "200"], body: body(0, isFinal: false))
        link.settle()
        link.server.owner.bodies[stream]?.isFinal = true
        link.server.session.resume(stream)
        link.settle()
        #expect(link.transcript == ["> HEADERS 1 end", "< HEADERS 1", "< DATA 1 0 end"])
    }

    @Test("a reader that takes nothing stops its writer; every octet it takes lets one more go")
    func backPressure() throws {
        var limits = Limits.pinned
        limits.upstreamStreamWindowBytes = 20_000
        let link = Link.greeted(client: limits)
        link.client.owner.consumes = false
        let stream = link.request()
        link.toServer()
        link.respond(stream, [":status": "200"], body: body(50_000))
        link.settle()
        #expect(link.client.owner.received[stream]?.count == 20_000)
        link.client.session.consumeConnection(20_000)
        link.settle()
        #expect(link.client.owner.received[stream]?.count == 20_000, "the connection's window is not the stream's")
        link.client.session.consume(stream, 20_000)
        link.settle()
        link.client.session.setWindow(of: stream, 60_000)
        link.settle()
        try Golden.check(link.transcript, "back-pressure")
        #expect(link.client.owner.received[stream] == body(50_000).bytes)
    }

    @Test("a body that is not there yet defers; resume goes on with it")
    func deferral() throws {
        let link = Link.greeted()
        let stream = link.request("POST", body: body(0, isFinal: false))
        link.settle()
        #expect(!link.client.session.hasOutput)
        for isFinal in [false, true] {
            link.client.owner.bodies[stream] = body(7, isFinal: isFinal)
            link.client.session.resume(stream)
            #expect(link.client.session.hasOutput)
            link.settle()
        }
        try Golden.check(link.transcript, "deferral")
        #expect(link.server.owner.received[stream]?.count == 14)
    }

    @Test("resets of either side, and their codes")
    func resets() throws {
        let link = Link.greeted()
        let (first, second) = (link.request(), link.request("POST", body: body(9, isFinal: false)))
        link.settle()
        link.client.session.reset(first, .cancel)
        link.server.session.reset(second, .internalError)
        link.settle()
        try Golden.check(link.transcript, "resets")
        #expect(link.server.owner.takeSaid().suffix(2) == ["closed 1 8", "closed 3 2"])
        #expect(link.client.owner.takeSaid().suffix(2) == ["closed 1 8", "closed 3 2"])
    }

    @Test("going away in two steps: what was on its way is served, the rest is refused")
    func goingAway() throws {
        let link = Link.greeted()
        let first = link.request()
        link.settle()
        link.server.session.warn(ping: 9)
        let second = link.request()
        link.settle()
        #expect(link.client.owner.takeSaid().contains("goaway 2147483647 0"))
        #expect(link.server.owner.takeSaid().contains("pong 9"))
        #expect(link.server.session.lastStream == second, "opened before the client had heard")
        #expect(!link.client.session.acceptsRequests)
        link.server.session.refuse(after: second)
        for stream in [first, second] { link.respond(stream, [":status": "204"]) }
        link.settle()
        try Golden.check(link.transcript, "going-away")
        #expect(link.server.session.isFinished && link.client.session.isFinished)
    }

    @Test("a stream above GOAWAY's last is closed as refused on both sides")
    func refusesLateStreams() {
        let link = Link.greeted()
        let (first, second) = (link.request(), link.request())
        link.toServer()
        link.server.session.refuse(after: first)
        link.settle()
        #expect(link.client.owner.takeSaid().contains("closed \(second) 7"))
        #expect(link.server.owner.takeSaid().contains("closed \(second) 7"))
        let late = link.request()
        link.settle()
        #expect(link.client.owner.takeSaid().contains("closed \(late) 7"), "it never left: safe to send elsewhere")
    }

    @Test("requests above the peer's limit wait, and may be given up while they do")
    func waitsForItsTurn() {
        var limits = Limits.pinned
        limits.maxConcurrentStreams = 2
        let link = Link.greeted(server: limits)
        #expect(link.client.session.maxConcurrentStreams == 2)
        let streams = (0..<4).map { _ in link.request() }
        link.settle()
        #expect(link.transcript == ["> HEADERS 1 end", "> HEADERS 3 end"])
        link.client.session.reset(streams[2], .cancel)
        link.respond(streams[0], [":status": "204"])
        link.settle()
        #expect(link.transcript.suffix(1) == ["> HEADERS 7 end"])
        #expect(link.client.owner.takeSaid().contains("closed 5 8"))
    }

    @Test("a body that is gone resets its stream")
    func failsWithoutItsBody() {
        let link = Link.greeted()
        let stream = link.request()
        link.toServer()
        link.server.owner.failsAfter = 16_384
        link.respond(stream, [":status": "200"], body: body(40_000))
        link.settle()
        #expect(
            link.transcript == [
                "> HEADERS 1 end", "< HEADERS 1", "< DATA 1 16384", "< RST_STREAM 1 INTERNAL_ERROR",
            ])
    }

    @Test("a DATA frame that waits for room takes no octets once its stream is reset")
    func forgetsPostponedBodies() {
        let link = Link.greeted()
        let stream = link.request("POST", body: body(500_000))
        let written = link.client.produce()
        let taken = link.client.owner.taken
        #expect(Frame.read(written).frames.count { $0.type == 0 } == 3, "room for no fourth one")
        #expect(taken == 3 * 16_384)
        link.client.session.reset(stream, .cancel)
        let rest = Frame.read(link.client.drain()).frames.map(\.text)
        #expect(rest == ["RST_STREAM 1 CANCEL"])
        #expect(link.client.owner.taken == taken)
    }

    @Test("bodies pass whole through the least room")
    func fitsTheLeastRoom() {
        let link = Link.greeted()
        let stream = link.request("POST", body: body(100_000))
        link.settle()
        #expect(link.server.owner.received[stream] == body(100_000).bytes)
    }

    // MARK: Whose memory it is

    /// The block comes back to its pool, the latest first.
    private func isBack(_ block: HeaderBlock, in pool: HeaderBlockPool) -> Bool {
        let next = pool.take()
        defer { pool.give(back: next) }
        return next.storage == block.storage
    }

    @Test("an answer whose stream is reset before it leaves gives its head back")
    func releasesUnsentHeads() {
        let link = Link.greeted()
        let stream = link.request()
        link.toServer()
        let block = link.server.block([(":status", "200")])
        link.server.session.respond(stream, block, isEnd: true)
        link.client.session.reset(stream, .cancel)
        link.toServer()
        #expect(!isBack(block, in: link.server.blocks))
        link.toClient()
        #expect(isBack(block, in: link.server.blocks))
    }

    @Test("so does an answer on a stream that is not there")
    func releasesUselessHeads() {
        let link = Link.greeted()
        let block = link.server.block([(":status", "200")])
        link.server.session.respond(99, block, isEnd: true)
        link.toClient()
        #expect(isBack(block, in: link.server.blocks))
    }

    @Test("and a request that never left its session")
    func releasesHeadsWithTheSession() {
        let pool = HeaderBlockPool()
        let block = pool.take()
        do {
            let session = UpstreamSession(owner: Recorder(), blocks: pool, limits: .pinned)
            block.append(":method", literal: "GET")
            #expect(session.request(block, tag: 1, isEnd: true) == 1)
            #expect(!isBack(block, in: pool))
        }
        #expect(isBack(block, in: pool))
    }

    @Test("a received head outlives its session and goes on through another one")
    func headsOutliveTheirSession() {
        let second = Link.greeted()
        var kept: HeaderBlock?
        let pool = HeaderBlockPool()
        do {
            let owner = Recorder()
            owner.onHead = { kept = $0.block }
            let session = DownstreamSession(owner: owner, blocks: pool, limits: .pinned)
            let bytes = Frame.preface + settings().bytes + headers(1).get("/long/path").field("x-a", "b").end().bytes
            var turn = TurnBudget(frames: 9, requests: 9)
            #expect(bytes.withUnsafeBytes { session.receive($0, turn: &turn) } == bytes.count)
        }
        guard let kept else { return #expect(Bool(false), "no head came") }
        #expect(second.client.session.request(kept, tag: 1, isEnd: true) == 1)
        second.settle()
        let head = "head 1 request end :method=GET :scheme=https :path=/long/path :authority=a.example x-a=b"
        #expect(second.server.owner.takeSaid().first == head)
    }

    @Test("heads that wait are released in their own order, however long the queue never empties")
    func keepsTheOrderOfHeads() {
        let link = Link.greeted()
        var limits = Limits.pinned
        limits.maxConcurrentStreams = 10_000
        for round in 0..<600 {
            let stream = link.request()
            link.toServer()
            link.server.session.inform(stream, link.server.block([(":status", "103"), ("n", "\(round)")]))
            link.respond(stream, [":status": "204"])
            if round % 7 == 0 { link.client.session.reset(stream, .cancel) }
            link.toServer()
            if round % 5 == 4 { link.toClient() }
        }
        link.settle()
        let informed = link.client.owner.takeSaid().filter { $0.contains("informational") }
        #expect(informed.count == 600 - 86)
        #expect(Set(informed).count == informed.count, "none was overwritten while it waited")
    }
}
