import HTTP2
import Model
import Support
import Testing

@testable import DataPlane

/// Writes: whom they reach, how often, and what their clients are told.
struct WorkerOwnershipTests {
    /// A backend that is not the owner and says who is.
    private static func misdirects(_ fields: (String, String)...) -> (PlayedPeer, StreamID) -> Void {
        { peer, stream in
            guard peer.messages[stream]?.hasEnded == true else { return }
            peer.answer(stream, 421, fields.map { ($0.0, $0.1) })
        }
    }

    @Test("a write carries owner, epoch and origin")
    func carriesOwnership() throws {
        let world = try PlayedWorld { $0.localRegion = RegionID(rawValue: 1) }
        let lies = [("x-portolan-owner", "ap"), ("x-portolan-epoch", "99"), ("x-portolan-origin", "mars")]
        #expect(world.ask("POST", lies, body: [1])[":status"] == "200")
        let request = try #require(world["us-replication"].requests.first)
        #expect(request.all("x-portolan-owner") == ["us"] && request.all("x-portolan-epoch") == ["5"])
        #expect(request.all("x-portolan-origin") == ["eu"] && request["idempotency-key"] == nil)
        #expect(world.ask("GET")[":status"] == "200")
        #expect(world.places == ["us", "us-replication"])
        #expect(world["us"].requests[0].names.allSatisfy { !$0.hasPrefix("x-portolan-") })
    }

    static let keys: [(String, [(String, String)], Bool, String?)] = [
        ("POST", [], true, "id-1"), ("POST", [("idempotency-key", "mine")], true, "mine"),
        ("POST", [("idempotency-key", "")], true, "id-1"), ("POST", [], false, nil), ("GET", [], true, nil),
    ]
    @Test("an idempotency key where the route asks for one", arguments: keys)
    func addsKeys(method: String, fields: [(String, String)], isAsked: Bool, expected: String?) throws {
        let world = try PlayedWorld { $0.routes[0].addsIdempotencyKey = isAsked }
        _ = world.ask(method, [("x-request-id", "id-1")] + fields)
        let place = method == "GET" ? "us" : "us-replication"
        #expect(world[place].requests.map { $0.all("idempotency-key") } == [expected.map { [$0] } ?? []])
    }

    @Test("a 421 is followed once, to the owner it names, with its epoch")
    func follows() throws {
        let world = try PlayedWorld()
        world["us-replication"].serve = WorkerOwnershipTests.misdirects(
            ("x-portolan-epoch", "6"), ("x-portolan-owner", "eu"))
        let answer = world.ask("POST", body: Array("body".utf8))
        #expect(answer[":status"] == "200")
        #expect(world.places == ["eu-replication", "us-replication"])
        let second = world["eu-replication"].requests[0]
        #expect(second.text == "body" && second.all("x-portolan-epoch") == ["6"])
        #expect(second.all("x-portolan-owner") == ["eu"] && world.worker.counters.ownerRedirects == 1)
        #expect(world.worker.exchanges.liveCount == 0)
    }

    @Test("a write that was sent on is delivered twice at most, with the newer epoch, whatever becomes of it")
    func deliversTwiceAtMost() throws {
        let world = try PlayedWorld { world in
            world.routes[0].isIdempotent = true
            world.routes[0].retries = 3
        }
        world["us-replication"].serve = WorkerOwnershipTests.misdirects(
            ("x-portolan-epoch", "6"), ("x-portolan-owner", "eu"))
        world["eu-replication"].serve = { peer, stream in peer.reset(stream, .internalError) }
        let answer = world.ask("POST", [("idempotency-key", "k")], body: [1])
        #expect(answer[":status"] == "502" && answer.text.contains("may have been applied"))
        #expect(world.places == ["eu-replication", "us-replication"])
        #expect(world["us-replication"].requests.count == 1 && world["eu-replication"].requests.count == 1)
    }

    /// What the 421 carries.
    static let refusals: [[(String, String)]] = [
        [], [("x-portolan-epoch", "6")], [("x-portolan-owner", "eu")],
        [("x-portolan-epoch", "5"), ("x-portolan-owner", "eu")],
        [("x-portolan-epoch", "4"), ("x-portolan-owner", "eu")],
        [("x-portolan-epoch", "6"), ("x-portolan-owner", "atlantis")],
        [("x-portolan-epoch", "x"), ("x-portolan-owner", "eu")],
    ]
    @Test("a 421 that teaches nothing: nobody knows the owner, and nothing was applied", arguments: refusals)
    func refuses(fields: [(String, String)]) throws {
        let world = try PlayedWorld()
        world["us-replication"].serve = { peer, stream in
            if peer.messages[stream]?.hasEnded == true { peer.answer(stream, 421, fields) }
        }
        let answer = world.ask("POST", body: [1])
        #expect(answer[":status"] == "503" && answer.text.contains("owner_unknown"))
        #expect(answer.text.contains("\"detail\":\"not applied\"") && answer["retry-after"] != nil)
        #expect(world.places == ["us-replication"])
    }

    @Test("never a third delivery")
    func followsOnce() throws {
        let world = try PlayedWorld()
        let claims = [("us", "eu", "6"), ("eu", "ap", "7")]
        for (region, owner, epoch) in claims {
            world["\(region)-replication"].serve = WorkerOwnershipTests.misdirects(
                ("x-portolan-epoch", epoch), ("x-portolan-owner", owner))
        }
        let answer = world.ask("POST", body: [1])
        #expect(answer[":status"] == "503" && answer.text.contains("owner_unknown"))
        #expect(answer.text.contains("not applied"), "\(answer)")
        #expect(world.places == ["eu-replication", "us-replication"])
    }

    @Test("an owner outside the fence is not followed")
    func staysInside() throws {
        let world = try PlayedWorld { parts in
            let pin = TenantPin(home: RegionID(rawValue: 0), jurisdictions: 0b101)
            parts.pins = PinTable([(name: "acme", pin: pin)], key: .zero)
        }
        for (owner, expected) in [("eu", ["us-replication"]), ("ap", ["ap-replication", "us-replication"])] {
            let before = world.places
            world["us-replication"].serve = WorkerOwnershipTests.misdirects(
                ("x-portolan-epoch", "6"), ("x-portolan-owner", owner))
            let answer = world.ask("POST", [("x-tenant-id", "acme")], body: [1])
            #expect(answer[":status"] == (owner == "ap" ? "200" : "503"))
            #expect(world.places == (before + expected).sorted())
        }
    }

    @Test("an owner that changes while a body streams is not followed", arguments: [10, 100_000])
    func doesNotFollowStreams(byteCount: Int) throws {
        let world = try PlayedWorld()
        world["us-replication"].serve = { peer, stream in
            peer.answer(stream, 421, [("x-portolan-epoch", "6"), ("x-portolan-owner", "eu")])
        }
        let client = world.connect()
        let body = [UInt8](repeating: 7, count: byteCount)
        let stream = client.request(PlayedWorld.head("POST"), body: body, ends: false)
        world.settle()
        #expect(client.messages[stream]?[":status"] == "503")
        #expect(client.messages[stream]?.text.contains("\"detail\":\"not applied\"") == true)
        #expect(world.places == ["us-replication"])
    }

    @Test("a body longer than what is held is not sent again")
    func doesNotReplayLongBodies() throws {
        let world = try PlayedWorld()
        world["us-replication"].serve = WorkerOwnershipTests.misdirects(
            ("x-portolan-epoch", "6"), ("x-portolan-owner", "eu"))
        for (count, status) in [(65_536, "200"), (65_537, "503")] {
            let answer = world.ask("POST", body: [UInt8](repeating: 1, count: count))
            #expect(answer[":status"] == status, "\(count) octets")
        }
        #expect(world.places == ["eu-replication", "us-replication", "us-replication"])
        #expect(world["eu-replication"].requests[0].body.count == 65_536)
    }

    /// What a replication backend does to a write.
    enum Fault: CaseIterable {
        case none, refusesAtHead, refusesAtEnd, resetsAtHead, resetsAtEnd, resetsAfterHead, hangsUpAtHead, hangsUpAtEnd
        case hangsUpAfterHead, appliesAndResets, appliesAndHangsUp, misdirects, fails
    }

    /// Applied ids, and what was done about each request.
    private final class Ledger {
        var applied: [String: Int] = [:]
        func apply(_ message: PlayedPeer.Message) { applied[message["x-id"] ?? "", default: 0] += 1 }
    }

    private static func play(
        _ fault: Fault, _ peer: PlayedPeer, _ stream: StreamID, _ message: PlayedPeer.Message, _ ledger: Ledger
    ) {
        switch (fault, message.hasEnded) {
        case (.refusesAtHead, false), (.refusesAtEnd, true): peer.reset(stream, .refusedStream)
        case (.resetsAtHead, false), (.resetsAtEnd, true): peer.reset(stream, .internalError)
        case (.hangsUpAtHead, false), (.hangsUpAtEnd, true): peer.hangUp()
        case (.misdirects, true):
            peer.answer(stream, 421, [("x-portolan-epoch", "6"), ("x-portolan-owner", "eu")])
        case (.fails, true): peer.answer(stream, 503)
        case (.appliesAndResets, true):
            ledger.apply(message)
            peer.reset(stream, .internalError)
        case (.appliesAndHangsUp, true):
            ledger.apply(message)
            peer.hangUp()
        case (.resetsAfterHead, true), (.hangsUpAfterHead, true):
            ledger.apply(message)
            peer.answer(stream, 200, ends: false)
            peer.turn()
            if fault == .resetsAfterHead { peer.reset(stream, .internalError) } else { peer.hangUp() }
        case (.none, true):
            ledger.apply(message)
            peer.answer(stream, 200)
        default: break
        }
    }

    /// Whatever backends do, no write is applied twice, and no client hears that one was not which was.
    /// Replay: PORTOLAN_SEED=<seed>.
    @Test func writesAreNotDoubledAndClientsAreToldTheTruth() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let seed = random.seed
        let (world, ledger) = (try PlayedWorld(), Ledger())
        var faults: [String: Fault] = [:]
        for region in ["us", "eu"] {
            world["\(region)-replication"].serve = { peer, stream in
                guard let message = peer.messages[stream], let id = message["x-id"] else { return }
                // The second owner has its own whims.
                let fault = region == "us" ? faults[id] : faults[id] == .misdirects ? faults["eu\(id)"] : faults[id]
                WorkerOwnershipTests.play(fault ?? .none, peer, stream, message, ledger)
            }
        }
        var told: [String: Int] = [:]
        for batch in 0..<150 {
            let client = world.connect()
            var streams: [(id: String, stream: StreamID)] = []
            for number in 0..<4 {
                let id = "\(batch)-\(number)"
                faults[id] = Fault.allCases[Int(random.next(below: UInt32(Fault.allCases.count)))]
                faults["eu\(id)"] = Fault.allCases[Int(random.next(below: UInt32(Fault.allCases.count)))]
                let body = [UInt8](repeating: 1, count: Int(random.next(below: 2_000)))
                streams.append((id, client.request(PlayedWorld.head("POST", [("x-id", id)]), body: body)))
            }
            world.settle()
            world.settle(after: 61_000)
            for (id, stream) in streams {
                let answer = client.messages[stream] ?? PlayedPeer.Message()
                let count = ledger.applied[id] ?? 0
                let what = "seed \(seed), \(id): \(faults[id] ?? .none), \(answer.text)"
                try #require(count <= 1, "\(what)")
                try #require(!answer.text.contains("\"not applied\"") || count == 0, "\(what)")
                if answer[":status"] == "200" { try #require(count == 1, "\(what)") }
                try #require(answer[":status"] != nil || answer.reset != nil, "no word: \(what)")
                let word = answer[":status"] == "200" ? "done" : answer.text.contains("not applied") ? "not" : "maybe"
                told[word, default: 0] += 1
            }
        }
        #expect(told.count == 3, "every kind of answer is met: \(told)")
        #expect(world.worker.exchanges.liveCount == 0)
    }

    @Test("a write that never left is known not to be applied")
    func knowsWhatNeverLeft() throws {
        let world = try PlayedWorld()
        world["us-replication"].serve = { peer, stream in
            if peer.messages[stream]?.hasEnded == true { peer.answer(stream, 200) }
        }
        #expect(world.ask("POST", body: [1])[":status"] == "200")
        // The backend dies between two requests: the second is submitted to a connection whose socket takes nothing.
        for peer in world["us-replication"].peers { peer.hangUp() }
        let client = world.connect()
        world.settle()
        let stream = client.request(PlayedWorld.head("POST"), body: [1])
        world.settle()
        let answer = client.messages[stream] ?? PlayedPeer.Message()
        #expect(answer[":status"] == "200" || answer.text.contains("not applied"))
    }
}
