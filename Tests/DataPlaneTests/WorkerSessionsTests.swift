import HTTP2
import Model
import Support
import Testing

@testable import DataPlane

/// Sessions from a worker's clients' side: what is held, what goes on upstream, what comes back as a token.
struct WorkerSessionsTests {
    private static let silent = Result { try SilentEndpoint() }

    /// Two regions of two cells, whose endpoints never answer.
    private func world() throws -> SnapshotFixture {
        let path = try Self.silent.get().path
        func cell(_ name: String) -> SnapshotFixture.Cell { .cell(name, 50, [.up(at: .unix(path: path))]) }
        var world = SnapshotFixture(
            local: "us", [.region("us", [cell("us-a"), cell("us-b")]), .region("eu", [cell("eu-a"), cell("eu-b")])])
        world.edgeName = "edge-1"
        return world
    }

    private func fixture(
        _ kind: SessionKind, hashBy: String = "", sessions: SessionTable = SessionTable(capacity: 1_024)
    ) throws -> WorkerFixture {
        try WorkerFixture(try world(), sessions: sessions) { world, generation in
            var parts = world.parts()
            parts.hashKey = SipHash.Key(low: 1, high: 2)
            parts.sessions.producerHeader = parts.intern("x-producer-id")
            (parts.routes[0].sessions, parts.routes[0].hashBy) = (kind, parts.intern(hashBy))
            for index in parts.cells.indices { parts.cells[index].tag = 1_000 + UInt64(index) }
            for index in parts.regions.indices {
                let cells = [2 * index, 2 * index + 1].map { CellID(rawValue: UInt16($0)) }
                parts.regions[index].buckets = TableRange(start: parts.buckets.count, count: 10_000)
                parts.buckets += (0..<10_000).map { cells[$0 % 2] }
            }
            return Snapshot(parts, generation: generation)
        }
    }

    /// Sends the request on a fresh client and says what became of it.
    private func ask(_ fixture: WorkerFixture, _ request: Frame, on client: Int? = nil) -> ExchangeRef? {
        let before = Set(fixture.worker.exchanges.liveTags { _ in true })
        let asking = client ?? fixture.connect()
        if client == nil { fixture.greet(asking) }
        fixture.send(asking, request)
        let tag = fixture.worker.exchanges.liveTags { !before.contains($0.pointee.tag) }.first
        return tag.flatMap { fixture.worker.exchanges.find($0) }
    }

    private func cell(_ exchange: ExchangeRef?) -> Int { Int(exchange?.pointee.decision.cell.rawValue ?? .max) }

    private func producer(_ id: String, _ stream: UInt32 = 1) -> Frame {
        headers(stream).get().field("x-producer-id", id).end()
    }

    // MARK: Producers

    @Test("a producer stays on its cell, whatever the weights")
    func producerStays() throws {
        let fixture = try fixture(.producer)
        let first = (0..<20).map { cell(ask(fixture, producer("p-\($0)"))) }
        #expect(Set(first) == [0, 1], "the local region's cells share them")
        var heavier = try world()
        (heavier["us-a"].weight, heavier["us-b"].weight) = (0, 100)
        fixture.publish(heavier)
        #expect((0..<20).map { cell(ask(fixture, producer("p-\($0)"))) } == first)
        #expect(fixture.worker.counters.sessionsNew == 20)
        #expect(fixture.worker.counters.sessionsMovedByHealth + fixture.worker.counters.sessionsMovedByDrain == 0)
    }

    @Test("an ill cell loses its producers once, and does not get them back")
    func producerMovesOnce() throws {
        let fixture = try fixture(.producer)
        let home = cell(ask(fixture, producer("p")))
        let other = 1 - home
        var ill = try world()
        ill.setCell(home == 0 ? "us-a" : "us-b", .down)
        fixture.publish(ill)
        let moved = ask(fixture, producer("p"))
        #expect(cell(moved) == other && moved?.pointee.decision.reason == .stickyMigrated)
        let again = ask(fixture, producer("p"))
        #expect(cell(again) == other && again?.pointee.decision.reason == .sticky)
        fixture.publish(try world())
        #expect(cell(ask(fixture, producer("p"))) == other)
        #expect(fixture.worker.counters.sessionsMovedByHealth == 1 && fixture.worker.counters.sessionsNew == 1)
        var moves: [[UInt16]] = []
        fixture.worker.shared.ring.drain { bytes in
            let record = bytes.loadUnaligned(as: RequestRecord.self)
            if record.kind == .sessionMoved { moves.append([record.movedFrom.rawValue, record.cell.rawValue]) }
        }
        #expect(moves == [[UInt16(home), UInt16(other)]])
    }

    @Test("the log is told where a session was held before the first decision, not after it")
    func recordsTheHold() throws {
        let fixture = try fixture(.producer)
        let first = ask(fixture, producer("p"))?.pointee.firstDecision
        let second = ask(fixture, producer("p"))?.pointee.firstDecision
        let cell = try #require(first?.cell)
        #expect(first?.hold == SessionHold.none && first?.generation == second?.generation && first?.generation != 0)
        #expect(second?.hold == SessionHold(region: RegionID(rawValue: 0), cell: cell) && second?.cell == cell)
        #expect(first?.isKeyed == true && first?.key == second?.key && first?.key != 0)
    }

    @Test("what another worker held first is used")
    func sharedTable() throws {
        let table = SessionTable(capacity: 64)
        let (one, other) = (try fixture(.producer, sessions: table), try fixture(.producer, sessions: table))
        for index in 0..<10 {
            #expect(cell(ask(one, producer("p-\(index)"))) == cell(ask(other, producer("p-\(index)"))))
        }
        #expect(one.worker.counters.sessionsNew == 10 && other.worker.counters.sessionsNew == 0)
    }

    @Test("a producer that says nothing has no session")
    func nameless() throws {
        let fixture = try fixture(.producer)
        let exchange = ask(fixture, headers(1).get().end())
        #expect(exchange?.pointee.session.isKeyed == false && fixture.worker.counters.sessionsNew == 0)
    }

    @Test("hash_by keys a request where no session does")
    func hashBy() throws {
        let fixture = try fixture(.none, hashBy: "x-user-id")
        let cells = (0..<8).map { user in
            (0..<4).map { _ in cell(ask(fixture, headers(1).get().field("x-user-id", "u-\(user)").end())) }
        }
        #expect(cells.allSatisfy { Set($0).count == 1 } && Set(cells.map { $0[0] }) == [0, 1])
        #expect(ask(fixture, headers(1).get().end())?.pointee.session.isKeyed == false)
    }

    // MARK: Tokens

    /// The token that the answer to this exchange would carry.
    private func answer(_ fixture: WorkerFixture, _ exchange: ExchangeRef?) -> String? {
        guard let exchange, exchange.pointee.session.answer != .none else { return nil }
        let block = fixture.worker.headerBlocks.take()
        defer { fixture.worker.headerBlocks.give(back: block) }
        fixture.worker.answerSession(exchange, in: block)
        return block.count == 1 ? "\(block.name(0).text): \(block.value(0).text)" : nil
    }

    private func token(_ fixture: WorkerFixture, _ exchange: ExchangeRef?) throws -> String {
        let said = try #require(answer(fixture, exchange))
        return String(try #require(said.split(separator: " ").last))
    }

    private func upstream(_ exchange: ExchangeRef?, _ name: String) -> [String] {
        guard let block = exchange?.pointee.requestHead else { return [] }
        return (0..<block.count).filter { block.name($0).text == name }.map { block.value($0).text }
    }

    private func withToken(_ token: String) -> Frame { headers(1).get().field("x-portolan-session", token).end() }

    @Test("a token keeps its client where it is, and goes no further")
    func tokenStays() throws {
        let fixture = try fixture(.token)
        let first = ask(fixture, headers(1).get().end())
        let token = try token(fixture, first)
        #expect(token.utf8.count == SessionToken.textCount)
        for _ in 0..<4 {
            let next = ask(fixture, withToken(token))
            #expect(cell(next) == cell(first) && next?.pointee.decision.reason == .sticky)
            #expect(answer(fixture, next) == nil, "neither new, nor moved, nor due")
            #expect(upstream(next, "x-portolan-session").isEmpty)
        }
        #expect(fixture.worker.counters.sessionsNew == 1)
    }

    @Test("a client that repeats its token on a connection has it verified once")
    func tokenIsRemembered() throws {
        let fixture = try fixture(.token)
        let token = try token(fixture, ask(fixture, headers(1).get().end()))
        let client = fixture.connect()
        fixture.greet(client)
        let frames = [1, 3].map { headers(UInt32($0)).get().field("x-portolan-session", token).end() }
        let cells = frames.map { cell(ask(fixture, $0, on: client)) }
        #expect(cells[0] == cells[1] && fixture.worker.counters.tokensForged == 0)
        // Keys that do not know it any more end what was remembered.
        fixture.worker.sessionKeys = SessionKeys(generation: 9, current: Array(9...40))
        _ = ask(fixture, headers(5).get().field("x-portolan-session", token).end(), on: client)
        #expect(fixture.worker.counters.tokensForged == 1)
    }

    @Test("renewed after a tenth of the idle time, with the session's beginning and id")
    func renewed() throws {
        let fixture = try fixture(.token)
        let old = try token(fixture, ask(fixture, headers(1).get().end()))
        fixture.tick(after: 182_000)
        let next = ask(fixture, withToken(old))
        let fresh = try token(fixture, next)
        let (before, after) = (try read(old), try read(fresh))
        #expect(after.id == before.id && after.issued == before.issued && after.seen > before.seen + 180)
        #expect(after.cell == before.cell && after.region == before.region)
        #expect(fixture.worker.counters.sessionsNew == 1)
    }

    private func read(_ token: String) throws -> SessionToken {
        try #require(SessionTokenTests.read(Array(token.utf8), WorkerFixture.sessionKeys))
    }

    @Test("forged, expired and foreign tokens are counted and replaced")
    func worthless() throws {
        let fixture = try fixture(.token)
        let good = try token(fixture, ask(fixture, headers(1).get().end()))
        let forged = "B" + good.dropFirst()
        for bad in [forged, "x", "", good + "A", good + good] {
            let exchange = ask(fixture, withToken(bad))
            #expect(exchange?.pointee.session.wasHeld == false && answer(fixture, exchange) != nil)
        }
        #expect(fixture.worker.counters.tokensForged == 5)
        var stranger = try read(good)
        (stranger.cell, stranger.region) = (7, 7)
        let text = String(decoding: SessionTokenTests.text(stranger, WorkerFixture.sessionKeys), as: UTF8.self)
        #expect(answer(fixture, ask(fixture, withToken(text))) != nil)
        #expect(fixture.worker.counters.tokensForeign == 1)
        fixture.tick(after: 1_802_000)
        #expect(answer(fixture, ask(fixture, withToken(good))) != nil)
        #expect(fixture.worker.counters.tokensExpired == 1 && fixture.worker.counters.sessionsNew == 8)
    }

    @Test("a token whose cell is gone keeps its region")
    func cellGone() throws {
        let fixture = try fixture(.token)
        var token = try read(try token(fixture, ask(fixture, headers(1).get().end())))
        token.cell = 7
        token.region = SipHash.hash("eu", key: .zero)
        let text = String(decoding: SessionTokenTests.text(token, WorkerFixture.sessionKeys), as: UTF8.self)
        let exchange = ask(fixture, withToken(text))
        #expect(exchange?.pointee.decision.region == RegionID(rawValue: 1) && answer(fixture, exchange) != nil)
    }

    @Test("an ill cell's token moves, and the client is told")
    func tokenMoves() throws {
        let fixture = try fixture(.token)
        let first = ask(fixture, headers(1).get().end())
        let old = try token(fixture, first)
        var ill = try world()
        ill.setCell(cell(first) == 0 ? "us-a" : "us-b", .down)
        fixture.publish(ill)
        let moved = ask(fixture, withToken(old))
        #expect(cell(moved) == 1 - cell(first))
        let fresh = try token(fixture, moved)
        fixture.publish(try world())
        #expect(cell(ask(fixture, withToken(fresh))) == cell(moved))
        #expect(fixture.worker.counters.sessionsMovedByHealth == 1)
    }

    @Test("the cookie is the browser's token")
    func cookie() throws {
        let fixture = try fixture(.cookie)
        let first = ask(fixture, headers(1).get().field("cookie", "a=1; b=2").end())
        #expect(upstream(first, "cookie") == ["a=1; b=2"])
        let said = try #require(answer(fixture, first))
        #expect(said.hasPrefix("set-cookie: __Host-portolan="))
        #expect(said.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1800"))
        let value = String(try #require(said.dropFirst("set-cookie: ".count).split(separator: ";").first))
        let next = ask(
            fixture, headers(1).get().field("cookie", "a=1; \(value); b=2").field("cookie", value).end())
        #expect(cell(next) == cell(first) && answer(fixture, next) == nil)
        #expect(upstream(next, "cookie") == ["a=1; b=2"], "and the field with nothing else is gone")
        let header = ask(fixture, withToken(String(value.dropFirst("__Host-portolan=".count))))
        #expect(header?.pointee.session.wasHeld == false, "the header is not for this route")
    }

    @Test("routes without sessions pass neither header nor cookie on")
    func withoutSessions() throws {
        let fixture = try fixture(.none)
        let exchange = ask(
            fixture,
            headers(1).get().field("x-portolan-session", "x").field("cookie", "__Host-portolan=x").end())
        #expect(upstream(exchange, "x-portolan-session").isEmpty && upstream(exchange, "cookie").isEmpty)
        #expect(exchange?.pointee.session.answer == SessionKind.none && fixture.worker.counters.tokensForged == 0)
    }

    // MARK: Retries

    @Test("a retry leaves the session where it is")
    func retryHolds() throws {
        let fixture = try fixture(.producer)
        let exchange = try #require(ask(fixture, producer("p")))
        let home = cell(exchange)
        let decision = fixture.worker.decide(exchange, excluding: exchange.pointee.decision.endpoint)
        #expect(decision.cell != CellID(rawValue: UInt16(home)) && !decision.isRefused && !decision.holdsSession)
        #expect(cell(ask(fixture, producer("p"))) == home)
    }
}
