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
}
