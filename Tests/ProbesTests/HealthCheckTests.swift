import Model
import Support
import Testing

@testable import Probes

struct HealthCheckTests {
    @Test(
        "the request is a prefix and one string",
        arguments: [
            ("", [0, 0, 0, 0, 0]),
            ("a.B", [0, 0, 0, 0, 5, 0x0A, 3, 0x61, 0x2E, 0x42]),
            (
                String(repeating: "x", count: 200),
                [0, 0, 0, 0, 203, 0x0A, 0xC8, 1] + Array(repeating: 0x78, count: 200)
            ),
        ] as [(String, [UInt8])])
    func asks(service: String, bytes: [UInt8]) {
        #expect(HealthCheck(service: service).requestBytes == bytes)
    }

    /// Body, HTTP status, grpc-status at the end, and the verdict's words; empty: passed.
    static let rows: [([UInt8], Int?, Int?, String)] = [
        ([0, 0, 0, 0, 2, 8, 1], 200, 0, ""),
        ([0, 0, 0, 0, 4, 0x10, 7, 8, 1], 200, 0, ""),  // a field of a later version before it
        ([0, 0, 0, 0, 7, 8, 1, 0x1A, 3, 1, 2, 3], 200, 0, ""),  // and one behind it
        (
            [0, 0, 0, 0, 12, 8, 1, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0x2D], 200, 0,
            "a message that is no HealthCheckResponse"
        ),
        ([0, 0, 0, 0, 4, 8, 1, 8, 2], 200, 0, "NOT_SERVING"),  // the last one counts
        ([0, 0, 0, 0, 0], 200, 0, "UNKNOWN"),
        ([0, 0, 0, 0, 2, 8, 2], 200, 0, "NOT_SERVING"),
        ([0, 0, 0, 0, 2, 8, 3], 200, 0, "SERVICE_UNKNOWN"),
        ([0, 0, 0, 0, 3, 8, 0x81, 1], 200, 0, "serving status 129"),
        ([1, 0, 0, 0, 2, 8, 1], 200, 0, "a compressed message, which nobody asked for"),
        ([0, 0, 0, 0, 3, 8, 1], 200, 0, "a message that is no HealthCheckResponse"),
        ([0, 0, 0, 0, 1, 8, 1], 200, 0, "a message that is no HealthCheckResponse"),
        ([0, 0, 0, 0, 1, 8], 200, 0, "a message that is no HealthCheckResponse"),
        ([0, 0, 0, 0, 2, 0x0A, 0], 200, 0, "a message that is no HealthCheckResponse"),
        ([0, 0, 0, 0, 2, 0x0B, 0], 200, 0, "a message that is no HealthCheckResponse"),
        ([0, 0, 0], 200, 0, "an answer without a message"),
        ([0, 0, 0, 0, 2, 8, 1], 200, nil, "an answer without grpc-status"),
        ([0, 0, 0, 0, 2, 8, 1], 200, 13, "grpc-status 13"),
        ([], 200, 12, "grpc-status 12: the endpoint has no grpc.health.v1.Health"),
        ([], 200, 5, "grpc-status 5: the service “a.B” is not known"),
        ([0, 0, 0, 0, 2, 8, 1], 503, 0, "HTTP status 503, expected 200"),
        ([], nil, nil, "HTTP status missing, expected 200"),
    ]

    @Test("an answer becomes a verdict", arguments: rows)
    func judges(body: [UInt8], status: Int?, grpcStatus: Int?, detail: String) {
        #expect(HealthCheckTests.verdict(body, status, grpcStatus) == (detail.isEmpty ? .passed : .failed(detail)))
    }

    /// Whatever bytes come, in whatever pieces, nothing traps, and SERVING alone passes. Replay: PORTOLAN_SEED=<seed>.
    @Test func anyBytesAreJudged() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<20_000 {
            var body = HealthCheckTests.rows[Int(random.next() % 16)].0
            for _ in 0..<(random.next() % 4) where !body.isEmpty {
                body[Int(random.next() % UInt64(body.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            body = Array(body.prefix(Int(random.next() % 20)))
            let verdict = HealthCheckTests.verdict(body, 200, 0)
            let isServing = body.count > 4 && HealthCheck.status(in: body[5...]) == 1
            try #require(verdict != .undecided, "seed \(random.seed), round \(round)")
            try #require(verdict != .passed || isServing, "seed \(random.seed), round \(round)")
        }
    }

    private static func verdict(_ body: [UInt8], _ status: Int?, _ grpcStatus: Int?) -> ProbeJudge.Verdict {
        var check = HealthCheck(service: "a.B")
        check.headReceived(status: status, grpcStatus: nil)
        for byte in body { withUnsafeBytes(of: byte) { check.bodyReceived($0) } }
        check.trailersReceived(grpcStatus: grpcStatus)
        check.ended()
        return check.verdict
    }
}
