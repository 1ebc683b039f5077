import Model
import Policy
import Testing

@testable import ControlPlane

struct EndpointTallyTests {
    typealias Reason = ExchangeError.Reason

    /// Endpoints 1, 2, 3 in turn: how each attempt ended (nil: it answered, or was still asked), the status, µs to the
    /// first byte; what is said of each endpoint: successes, failures, refusals.
    static let rows: [(name: String, ends: [Reason?], status: UInt16, wait: UInt32, said: [[UInt32]])] = [
        ("an answer", [nil], 200, 450, [[1, 0, 0]]),
        ("a client's mistake is an answer", [nil], 404, 450, [[1, 0, 0]]),
        ("5xx", [nil], 500, 450, [[0, 1, 0]]),
        ("refused, then served", [.connectionRefused, nil], 200, 450, [[0, 1, 1], [1, 0, 0]]),
        ("503, then served", [.answeredUnavailable, nil], 200, 450, [[0, 1, 0], [1, 0, 0]]),
        (
            "timeout, reset, 502", [.httpResponseTimeout, .streamReset, nil], 502, 9,
            [[0, 1, 0], [0, 1, 0], [0, 1, 0]]
        ),
        ("the client left before an answer", [nil], 499, 0, []),
        ("the client left an attempt", [.clientAborted], 499, 0, []),
        ("the other was sooner", [.outrun, nil], 200, 450, [[], [1, 0, 0]]),
        ("the edge's own limits", [.connectionLimitReached, .concurrencyLimitReached], 503, 0, []),
        ("drained, refused in good order", [.drained, .streamRefused], 503, 0, []),
        ("cut off in the middle", [.httpResponseIncomplete], 200, 450, [[0, 1, 0]]),
    ]

    @Test("whose fault it was", arguments: rows.indices)
    func judges(row: Int) {
        let (name, ends, status, wait, said) = Self.rows[row]
        var tally = EndpointTally()
        tally.take(Self.record(ends, status: status, wait: wait))
        let expected = said.enumerated().filter { !$0.element.isEmpty }.map { [UInt32($0.offset + 1)] + $0.element }
        let seen = tally.takeAll().map { [$0.endpoint.rawValue, $0.successes, $0.failures, $0.refusals] }
        #expect(seen == expected, "\(name)")
    }

    @Test("records of a span are one observation an endpoint, and then forgotten")
    func folds() {
        var tally = EndpointTally()
        for status in [500, 200, 503, 502] as [UInt16] { tally.take(Self.record([nil], status: status, wait: 300)) }
        tally.take(Self.record([nil], status: 200, wait: 100))
        tally.take(Self.record([nil], status: 500, wait: 100))
        let expected = EndpointObservation(
            endpoint: EndpointID(rawValue: 1), successes: 2, failures: 4, consecutiveFailures: 1,
            firstByteNanosecondsSum: 400_000, firstByteCount: 2)
        let (first, second) = (tally.takeAll(), tally.takeAll())
        #expect(first == [expected] && second.isEmpty)
    }

    private static func record(_ ends: [Reason?], status: UInt16, wait: UInt32) -> RequestRecord {
        var record = RequestRecord()
        (record.status, record.upstreamMicroseconds, record.attemptCount) = (status, wait, UInt8(ends.count))
        let codes = ends.map { $0.map { $0.rawValue + 1 } ?? 0 }
        record.endpoints.0 = EndpointID(rawValue: 1)
        record.attemptErrors.0 = codes[0]
        if codes.count > 1 { (record.endpoints.1, record.attemptErrors.1) = (EndpointID(rawValue: 2), codes[1]) }
        if codes.count > 2 { (record.endpoints.2, record.attemptErrors.2) = (EndpointID(rawValue: 3), codes[2]) }
        return record
    }
}
