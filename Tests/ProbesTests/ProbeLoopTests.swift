import Glibc
import Model
import Probes
import Synchronization
import TLS
import Testing

/// Over Unix sockets in a folder of its own; the endpoints are real HTTP/2 servers.
struct ProbeLoopTests {
    /// A folder, a running loop and the outcomes it reported.
    final class Bench {
        let folder: String
        let loop: ProbeLoop
        var outcomes: AsyncStream<ProbeOutcome>.Iterator

        init() throws {
            var template = Array("/tmp/portolan-probes-XXXXXX".utf8CString)
            let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) }
            try #require(made != nil)
            folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
            let (stream, continuation) = AsyncStream.makeStream(of: ProbeOutcome.self)
            loop = try ProbeLoop { continuation.yield($0) }
            outcomes = stream.makeAsyncIterator()
            loop.start()
        }

        deinit {
            loop.stop()
            for name in ["a.sock", "ca.crt", "dev.crt", "dev.key"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }

        var path: String { "\(folder)/a.sock" }

        func target(wanted: String? = nil) -> ProbeTarget {
            var health = Configuration.Health()
            health.bodyContains = wanted
            return ProbeTarget(
                endpoint: EndpointID(rawValue: 7), address: .unix(path: path), upstream: Configuration.Upstream(),
                health: health, serverName: "")
        }

        func probe(_ target: ProbeTarget, id: UInt32 = 1, timeout: UInt64 = 5_000) async -> ProbeOutcome? {
            loop.probe(target, id: id, timeoutMilliseconds: timeout)
            return await next()
        }

        func next() async -> ProbeOutcome? { await outcomes.next(isolation: nil) }
    }

    static let rows: [(EndpointStub.Behaviour, String)] = [
        (.answer(204, body: ""), ""),
        (.answer(200, body: "all is well"), ""),
        (.answer(503, body: "no"), "status 503, expected 200–299"),
        (.flood, ""),
        (.silent, "no answer in 200 ms"),
        (.reset, "the endpoint reset the request (HTTP/2 error 2)"),
        (.goAway, "the endpoint went away (GOAWAY, error 0)"),
        (.oldHTTP, "the endpoint does not speak HTTP/2"),
    ]

    @Test("what an endpoint does becomes an outcome in words", arguments: rows)
    func tells(behaviour: EndpointStub.Behaviour, detail: String) async throws {
        let bench = try Bench()
        let stub = try EndpointStub(behaviour, at: bench.path)
        let outcome = await bench.probe(bench.target(), id: 9, timeout: detail.hasPrefix("no answer") ? 200 : 5_000)
        #expect(outcome?.detail == detail)
        #expect(outcome?.succeeded == detail.isEmpty)
        #expect(outcome?.endpoint == EndpointID(rawValue: 7))
        #expect(outcome?.id == 9)
        if detail.isEmpty { #expect((outcome?.roundTripNanoseconds ?? 0) > 0) }
        stub.stop()
    }

    @Test func nobodyListens() async throws {
        let bench = try Bench()
        #expect(await bench.probe(bench.target())?.detail == "no such socket file")
        try EndpointStub(.silent, at: bench.path).stop()
        #expect(await bench.probe(bench.target())?.detail == "connection refused")
    }

    @Test func anUnresolvedNameFails() async throws {
        let bench = try Bench()
        var target = bench.target()
        target.address = .name("a.test", port: 80)
        #expect(await bench.probe(target)?.detail == "the name “a.test:80” is not resolved")
    }

    @Test func theBodyIsMatched() async throws {
        let bench = try Bench()
        let stub = try EndpointStub(.answer(200, body: "all is well"), at: bench.path)
        #expect(await bench.probe(bench.target(wanted: "is well"))?.succeeded == true)
        let missing = await bench.probe(bench.target(wanted: "splendid"))
        #expect(missing?.detail == "the body of 11 bytes does not contain “splendid”")
        stub.stop()
    }

    static let services: [(String, String)] = [
        ("", ""), ("good", ""), ("ill", "NOT_SERVING"), ("other", "grpc-status 5: the service “other” is not known"),
    ]

    @Test("a service is asked for its health by gRPC", arguments: services)
    func asksForHealth(service: String, detail: String) async throws {
        let bench = try Bench()
        let stub = try EndpointStub(.healthService, at: bench.path)
        var target = bench.target()
        (target.health.kind, target.health.grpcService) = (.grpc, service)
        for id in 1...3 {
            let outcome = await bench.probe(target, id: UInt32(id))
            #expect(outcome?.detail == detail)
            #expect(outcome?.succeeded == detail.isEmpty)
            #expect((outcome?.roundTripNanoseconds ?? 0) > 0)
        }
        #expect(stub.accepted.load(ordering: .relaxed) == (detail.isEmpty ? 1 : 3))
        stub.stop()
    }

    static let strangers: [(EndpointStub.Behaviour, String)] = [
        (.answer(503, body: "no"), "HTTP status 503, expected 200"),
        (.answer(200, body: "all is well"), "an answer without grpc-status"),
        (.reset, "the endpoint reset the request (HTTP/2 error 2)"),
        (.silent, "no answer in 200 ms"),
        (.flood, "more than 4 KiB of answer"),
    ]

    @Test("whoever does not speak gRPC fails, and is told so", arguments: strangers)
    func tellsOfStrangers(behaviour: EndpointStub.Behaviour, detail: String) async throws {
        let bench = try Bench()
        let stub = try EndpointStub(behaviour, at: bench.path)
        var target = bench.target()
        target.health.kind = .grpc
        let outcome = await bench.probe(target, timeout: detail.hasPrefix("no answer") ? 200 : 5_000)
        #expect(outcome?.detail == detail)
        stub.stop()
    }

    /// Even where requests would go over TLS, and where nobody would ever answer one.
    @Test(arguments: [Configuration.UpstreamProtocol.h2c, .h2])
    func aConnectionIsEnoughForAProbeThatAsksNothing(protocol: Configuration.UpstreamProtocol) async throws {
        let bench = try Bench()
        let stub = try EndpointStub(.silent, at: bench.path)
        var target = bench.target()
        (target.health.kind, target.upstream.protocol) = (.tcp, `protocol`)
        for id in 1...3 {
            let outcome = await bench.probe(target, id: UInt32(id))
            #expect(outcome?.succeeded == true && (outcome?.roundTripNanoseconds ?? 0) > 0)
        }
        while stub.closed.load(ordering: .relaxed) < 3 { await Task.yield() }  // none is kept
        stub.stop()
        #expect(await bench.probe(target)?.detail == "connection refused")
    }

    @Test func oneConnectionServesManyProbesAndIsRenewedNowAndThen() async throws {
        let bench = try Bench()
        let stub = try EndpointStub(.answer(200, body: "ok"), at: bench.path)
        for id in 1...61 { #expect(await bench.probe(bench.target(), id: UInt32(id))?.succeeded == true) }
        #expect(stub.accepted.load(ordering: .relaxed) == 3)
        stub.stop()
    }

    @Test func aFailedProbesConnectionIsNotUsedAgain() async throws {
        let bench = try Bench()
        let stub = try EndpointStub(.answer(503, body: "no"), at: bench.path)
        for _ in 1...3 { #expect(await bench.probe(bench.target())?.succeeded == false) }
        #expect(stub.accepted.load(ordering: .relaxed) == 3)
        stub.stop()
    }

    @Test func aKeptConnectionThatTheEndpointClosesSaysNothingAboutItsHealth() async throws {
        let bench = try Bench()
        let stub = try EndpointStub(.closeAtSecond, at: bench.path)
        for id in 1...4 { #expect(await bench.probe(bench.target(), id: UInt32(id))?.succeeded == true) }
        #expect(stub.accepted.load(ordering: .relaxed) == 4)
        stub.stop()
    }

    @Test func anOverlappingProbeIsNotCaughtInTheBlackHoleOfTheFirst() async throws {
        let bench = try Bench()
        let stub = try EndpointStub(.swallowAfterFirst, at: bench.path)
        #expect(await bench.probe(bench.target(), id: 1)?.succeeded == true)
        bench.loop.probe(bench.target(), id: 2, timeoutMilliseconds: 300)
        let third = await bench.probe(bench.target(), id: 3)
        #expect(third?.id == 3 && third?.succeeded == true)
        let second = await bench.next()
        #expect(second?.id == 2 && second?.detail == "no answer in 300 ms")
        stub.stop()
    }

    @Test(
        "every connection is closed by stop, idle or waiting",
        arguments: [
            EndpointStub.Behaviour.answer(200, body: "ok"), .silent,
        ])
    func nothingStaysOpenAfterStop(behaviour: EndpointStub.Behaviour) async throws {
        let bench = try Bench()
        let stub = try EndpointStub(behaviour, at: bench.path)
        for id in 1...8 {
            var target = bench.target()
            target.endpoint = EndpointID(rawValue: UInt32(id))
            bench.loop.probe(target, id: UInt32(id), timeoutMilliseconds: 60_000)
        }
        while stub.accepted.load(ordering: .relaxed) < 8 { await Task.yield() }
        bench.loop.stop()
        // The stub sees the end of each.
        while stub.closed.load(ordering: .relaxed) < 8 { await Task.yield() }
        stub.stop()
    }

    @Test func tlsIsVerified() async throws {
        let bench = try Bench()
        let made = try DevelopmentCertificate.make(names: ["a.test"], in: bench.folder)
        let certificate = Configuration.Certificate(certificatePath: made.certificatePath, keyPath: made.keyPath)
        let context = try ServerContext(certificates: [certificate], ticketKeys: TicketKeys())
        let stub = try EndpointStub(.answer(200, body: "ok"), at: bench.path, context: context)
        var target = bench.target()
        target.upstream.protocol = .h2
        target.upstream.authoritiesPath = made.authorityPath
        target.serverName = "a.test"
        for id in 1...2 { #expect(await bench.probe(target, id: UInt32(id))?.detail == "") }
        #expect(stub.accepted.load(ordering: .relaxed) == 1)
        target.serverName = "b.test"
        let refused = await bench.probe(target)
        #expect(refused?.succeeded == false && refused?.detail.contains("b.test") == true, "\(refused as Any)")
        stub.stop()
    }
}
