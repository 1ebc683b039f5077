import HTTP2
import Model
import Testing

@testable import DataPlane

/// What a route adds and removes, on both ways.
struct WorkerHeaderChangesTests {
    private static func change(_ parts: inout SnapshotParts) {
        func run(_ rows: [(String, String)]) -> TableRange {
            let start = parts.headerChanges.count
            for (name, value) in rows {
                let (name, value) = (parts.intern(name), parts.intern(value))
                parts.headerChanges.append(HeaderMatch(name: name, value: value))
            }
            return TableRange(start: start, count: rows.count)
        }
        var changes = HeaderChangeRanges()
        changes.requestAdd = run([("x-added", "up"), ("x-replaced", "new")])
        changes.requestRemove = run([("x-replaced", ""), ("cookie", ""), ("x-tenant-id", "")])
        changes.responseAdd = run([("x-added", "down")])
        changes.responseRemove = run([("server", "")])
        parts.routes[0].headerChanges = changes
        parts.routes[0].dataset = -1
    }

    @Test("after all else, and not on what later attempts start from")
    func changesHeads() throws {
        let world = try PlayedWorld(WorkerHeaderChangesTests.change)
        var isFirst = true
        world["us"].serve = { peer, stream in
            defer { isFirst = false }
            if isFirst { return peer.reset(stream, .internalError) }
            peer.answer(stream, 200, [("server", "x"), ("server", "y"), ("x-kept", "1")])
        }
        world["eu"].serve = world["us"].serve
        let long = String(repeating: "v", count: 900)
        let fields = [
            ("cookie", "a"), ("x-kept", "1"), ("cookie", "b"), ("x-replaced", "old"), ("x-tenant-id", "acme"),
            ("x-long", long),
        ]
        let answer = world.ask("GET", fields)
        let requests = world["us"].requests + world["eu"].requests
        #expect(requests.count == 2)
        for request in requests {
            #expect(request.all("cookie").isEmpty && request["x-kept"] == "1" && request["x-long"] == long)
            #expect(request.all("x-replaced") == ["new"] && request.all("x-added") == ["up"])
            #expect(request["x-tenant-id"] == nil && request["x-request-id"]?.count == 20)
            #expect(request.all("via") == ["2.0 edge-1 (portolan)"])
        }
        #expect(answer[":status"] == "200" && answer["server"] == nil && answer["x-added"] == "down")
        #expect(answer["x-kept"] == "1")
    }

    @Test("the edge's own answers are the route's too")
    func changesLocalAnswers() throws {
        let world = try PlayedWorld { parts in
            WorkerHeaderChangesTests.change(&parts)
            parts.routes[0].forcesXRegion = true
        }
        let answer = world.ask("GET", [("x-region", "atlantis")])
        #expect(answer[":status"] == "400" && answer["x-added"] == "down")
    }

    @Test("a route without changes sends the client's own head")
    func costsNothing() throws {
        let world = try PlayedWorld { $0.routes[0].dataset = -1 }
        let client = world.connect()
        let stream = client.request(PlayedWorld.head("POST"), body: [1], ends: false)
        world.settle()
        let tag = try #require(world.worker.exchanges.liveTags { _ in true }.first, "\(client.messages)")
        let exchange = world.worker.exchanges.find(tag)
        #expect(exchange?.pointee.outgoingHead == nil && exchange?.pointee.changesHead == false)
        #expect(exchange?.pointee.changesResponse == false && world["us"].requests.count == 1)
        client.say(more: [], ends: true, on: stream)
        world.settle()
        #expect(client.messages[stream]?[":status"] == "200")
    }

    /// A route before all others: the number of the one that the request began on is another's.
    private static func insertRoute(_ parts: inout SnapshotParts) {
        WorkerHeaderChangesTests.change(&parts)
        var inserted = RouteEntry()
        inserted.name = parts.intern("inserted")
        let start = parts.headerChanges.count
        parts.headerChanges.append(HeaderMatch(name: parts.intern("x-inserted"), value: parts.intern("1")))
        inserted.headerChanges.responseAdd = TableRange(start: start, count: 1)
        inserted.headerChanges.requestAdd = inserted.headerChanges.responseAdd
        inserted.pathPrefix = parts.intern("/inserted")
        parts.routes.insert(inserted, at: 0)
    }

    @Test("a request under way keeps the changes of the route it began on, whoever has its number", arguments: [1, 3])
    func outlivesReload(reloads: Int) throws {
        let world = try PlayedWorld(WorkerHeaderChangesTests.change)
        var held: [(PlayedPeer, StreamID)] = []
        world["us"].serve = { held.append(($0, $1)) }
        world["eu"].serve = { $0.answer($1, 200, [("server", "x")]) }
        let client = world.connect()
        let stream = client.request(PlayedWorld.head("GET"))
        world.settle()
        let (peer, upstream) = try #require(held.first)
        for round in 0..<reloads {
            var parts = world.parts()
            if round % 2 == 0 { WorkerHeaderChangesTests.insertRoute(&parts) }
            world.fixture.publish(Snapshot(parts, generation: world.fixture.latest.generation + 1 + UInt64(round)))
        }
        // Its second attempt, and its answer.
        peer.reset(upstream, .internalError)
        world.settle()
        let again = try #require(world["eu"].requests.first ?? world["us"].requests.dropFirst().first)
        #expect(again.all("x-added") == ["up"] && again["x-inserted"] == nil)
        if let (peer, upstream) = held.dropFirst().first { peer.answer(upstream, 200, [("server", "x")]) }
        world.settle()
        let answer = try #require(client.messages[stream])
        #expect(answer[":status"] == "200" && answer["x-added"] == "down" && answer["x-inserted"] == nil)
        #expect(answer["server"] == nil)
        #expect(!world.worker.oldHeaderRules.isEmpty)
        world.worker.sweep()
        #expect(world.worker.oldHeaderRules.isEmpty, "nothing under way wants them")
        let fresh = client.request(PlayedWorld.head("GET", path: "/inserted"))
        world.settle()
        for (peer, stream) in held.suffix(1) where client.messages[fresh]?[":status"] == nil {
            peer.answer(stream, 200)
        }
        world.settle()
        #expect(client.messages[fresh]?["x-inserted"] == "1")
    }
}
