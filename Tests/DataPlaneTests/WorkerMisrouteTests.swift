import HTTP2
import Model
import Testing

@testable import DataPlane

/// Tenants away from home, loops, and the last look at the fence.
struct WorkerMisrouteTests {
    /// Tenant `acme` is at home in eu, and its data may be there alone.
    private static func pin(_ mode: MisrouteMode) -> (inout SnapshotParts) -> Void {
        { parts in
            let pin = TenantPin(home: RegionID(rawValue: 1), jurisdictions: 0b010)
            let nowhere = TenantPin(home: RegionID(rawValue: 1), jurisdictions: 1 << 40)
            parts.pins = PinTable([(name: "acme", pin: pin), (name: "lost", pin: nowhere)], key: .zero)
            parts.tenants.misroute = mode
            parts.routes[0].dataset = -1
        }
    }

    @Test func forwardsHome() throws {
        let world = try PlayedWorld(WorkerMisrouteTests.pin(.forward))
        #expect(world.ask("GET", [("x-tenant-id", "acme")])[":status"] == "200")
        #expect(world.places == ["eu"] && world.worker.counters.misroutes == 1)
    }

    static let paths: [(String, String)] = [("/a?b=c", "/a?b=c"), ("//x/../y", "//x/../y"), ("*", "/")]
    @Test("sends the client to its home's edge", arguments: paths)
    func redirects(path: String, expected: String) throws {
        let world = try PlayedWorld(WorkerMisrouteTests.pin(.redirect))
        let answer = world.ask(path == "*" ? "OPTIONS" : "GET", [("x-tenant-id", "acme")], path: path)
        #expect(answer[":status"] == "307" && answer["location"] == "http://edge-eu.test:8443\(expected)")
        #expect(world.places.isEmpty && world.worker.counters.misroutes == 1)
    }

    @Test("without an address of that edge nobody is sent there")
    func doesNotRedirectIntoNothing() throws {
        let world = try PlayedWorld { parts in
            WorkerMisrouteTests.pin(.redirect)(&parts)
            parts.regions[1].edge = .empty
        }
        #expect(world.ask("GET", [("x-tenant-id", "acme")])["location"] == nil)
    }

    @Test func rejects() throws {
        let world = try PlayedWorld(WorkerMisrouteTests.pin(.reject))
        let answer = world.ask("POST", [("x-tenant-id", "acme")])
        #expect(answer[":status"] == "421" && answer.text.contains("\"reason\":\"misroute\""))
        #expect(answer.text.contains("\"detail\":\"not applied\""))
        #expect(world.places.isEmpty && world.worker.counters.misroutes == 1)
    }

    @Test("a fence without a region refuses, and a loop goes nowhere")
    func refuses() throws {
        let world = try PlayedWorld(WorkerMisrouteTests.pin(.forward))
        let answer = world.ask("GET", [("x-tenant-id", "lost")])
        #expect(answer[":status"] == "503" && answer.text.contains("residency_denied"))
        #expect(world.ask("GET", [("via", "2.0 edge-1 (portolan)")])[":status"] == "508")
        let four = (2...4).map { "2.0 edge-\($0) (portolan)" }.joined(separator: ", ")
        #expect(world.ask("GET", [("via", four)])[":status"] == "508")
        #expect(world.places.isEmpty && world.worker.counters.loopsRefused == 2)
    }

    @Test("a decision that would leave the fence is stopped where the connection is picked")
    func looksTwice() throws {
        let world = try PlayedWorld { parts in
            WorkerMisrouteTests.pin(.forward)(&parts)
            // A snapshot that contradicts itself: the stages see a cell of eu, its endpoint stands in us.
            parts.endpoints[2].region = RegionID(rawValue: 0)
        }
        let answer = world.ask("GET", [("x-tenant-id", "acme")])
        #expect(answer[":status"] == "503" && answer.text.contains("residency_violation"))
        #expect(world.places.isEmpty && world.worker.counters.residencyViolations == 1)
        #expect(world.ask("GET")[":status"] == "200", "everybody else goes on")
    }

    @Test("a retry stays inside the fence")
    func retriesInside() throws {
        let world = try PlayedWorld(WorkerMisrouteTests.pin(.forward))
        world["eu"].serve = { peer, stream in peer.reset(stream, .refusedStream) }
        let answer = world.ask("GET", [("x-tenant-id", "acme")])
        #expect(answer[":status"] == "503" && Set(world.places) == ["eu"])
        #expect(world.worker.counters.residencyViolations == 0)
    }
}
