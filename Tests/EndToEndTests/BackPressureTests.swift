import Foundation
import Testing

/// Memory and time of the others when a client does not read, or reads slowly (limits.md, B1–B3).
@Suite(.serialized, .timeLimit(.minutes(2)))
struct BackPressureTests {
    static let mebi = 1 << 20

    /// nghttpd with a file for every size.
    static func serve(_ sizes: [String: Int], _ test: (RunningEdge) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try folder.write("healthz", "ok")
        for (name, size) in sizes { try folder.write(name, byteCount: size) }
        let server = try Nghttpd(serving: folder)
        try test(try RunningEdge(EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"])))
    }

    @Test("a slow reader of a long answer costs little", arguments: [RunningEdge.Listener.plain, .secure])
    func slowReader(listener: RunningEdge.Listener) throws {
        try BackPressureTests.serve(["long": 200 * BackPressureTests.mebi, "short": 1_000]) { edge in
            for _ in 0..<3 { _ = try Curl.get(edge, "/short", listener) }
            let before = edge.process.residentBytes
            var most = 0
            let folder = try TemporaryFolder()
            let curl = try ChildProcess(
                "curl",
                [
                    "--silent", "--cacert", try TestCertificates.shared.get().authority, "--limit-rate", "1M",
                    "--output", folder.file("copy"),
                    listener == .secure ? "--http2" : "--http2-prior-knowledge", edge.url("/long", listener),
                ], name: "curl", in: folder)
            for _ in 0..<60 {
                Patience.rest(0.1)
                most = max(most, edge.process.residentBytes)
            }
            #expect(curl.exitStatus == nil)
            let read = folder.byteCount(of: "copy")
            #expect((3 * BackPressureTests.mebi...20 * BackPressureTests.mebi).contains(read))
            #expect(most - before < 8 * BackPressureTests.mebi, "\((most - before) >> 10) KiB more")
        }
    }

    @Test func clientsThatNeverReadCostTheOthersNothing() throws {
        try BackPressureTests.serve(["mebi": BackPressureTests.mebi, "small": 1_000]) { edge in
            _ = try LoadReport.run(edge, "/small", ["-n", "200", "-c", "2", "-m", "2"])
            let before = edge.process.residentBytes
            var clients: [FrameClient] = []
            for _ in 0..<20 {
                // Windows wide open, and nobody behind them.
                let client = try FrameClient(port: edge.port(.plain), settings: [(4, 1 << 24)], receiveBuffer: 4_096)
                client.send(.windowUpdate(0, 1 << 30))
                for _ in 0..<100 { client.open(FrameClient.get("/mebi")) }
                clients.append(client)
            }
            Patience.rest(1)
            let report = try LoadReport.run(edge, "/small", ["-n", "400", "-c", "1", "-m", "1"])
            let after = edge.process.residentBytes
            #expect(report.statuses[200] == 400 && report.failed == 0, "\(report.text)")
            #expect(report.milliseconds(percentile: 99) < 250, "\(report.text)")
            #expect(after - before < 64 * BackPressureTests.mebi, "\((after - before) >> 20) MiB more")
            withExtendedLifetime(clients) {}
        }
    }

    @Test func aStreamThatNobodyReadsIsReset() throws {
        let configuration = EdgeConfiguration(limits: ["stream_stall: 500ms"])
        try Stage.open(configuration) { stream in
            stream.respond(200, end: false)
            try stream.send([UInt8](repeating: 1, count: 200_000), end: true)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            client.creditsWindows = false
            let stream = client.open(FrameClient.get("/"))
            try client.wait(for: "the reset") { client.answers[stream]?.reset != nil }
            #expect(client.answers[stream]?.body.count == 65_535)
            // The connection and its other streams go on.
            client.send(.windowUpdate(0, 1 << 20))
            client.creditsWindows = true
            #expect(try client.exchange(FrameClient.get("/again")).body.count == 200_000)
        }
    }

    @Test func aStalledStreamDoesNotStopItsNeighbours() throws {
        try Stage.open { stream in
            stream.respond(200, end: false)
            try stream.send([UInt8](repeating: 1, count: stream.path == "/long" ? 10_000_000 : 10), end: true)
        } test: { stage in
            let stalled = try FrameClient(stage.edge)
            stalled.creditsWindows = false
            stalled.open(FrameClient.get("/long"))
            try stalled.wait(for: "a full window") { stalled.answers[1]?.body.count == 65_535 }
            let other = try FrameClient(stage.edge)
            for _ in 0..<20 {
                let answer = try other.exchange(FrameClient.get("/short"), within: 1)
                #expect(answer.body.count == 10)
            }
            // Both shared one upstream connection.
            #expect(stage.backend.busyConnectionCount == 1)
        }
    }
}
