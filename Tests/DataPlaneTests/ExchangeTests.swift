import HTTP2
import Model
import Testing

@testable import DataPlane

struct ExchangeTests {
    private func exchange(_ fixture: WorkerFixture) -> Exchange {
        let connection = fixture.connection(fixture.connect())
        return Exchange(
            tag: 1, downstream: connection, stream: 1, head: fixture.worker.headerBlocks.take(), now: fixture.now)
    }

    private func terms(_ retries: UInt8, _ change: (inout RouteEntry) -> Void = { _ in }) -> RetryTerms {
        var route = RouteEntry()
        route.retries = retries
        change(&route)
        return RetryTerms(route)
    }

    private func error(_ retry: ExchangeError.Retry) -> ExchangeError {
        ExchangeError(.upstream, .streamReset, retry: retry, code: 0)
    }

    static let rows: [(ExchangeError.Retry, Method, UInt8, Exchange.Remedy)] = [
        (.safe, .get, 1, .resend), (.safe, .post, 0, .resend), (.safe, .other, 0, .resend),
        (.ifIdempotent, .get, 1, .retry), (.ifIdempotent, .head, 1, .retry), (.ifIdempotent, .get, 0, .answer),
        (.ifIdempotent, .post, 1, .answer), (.ifIdempotent, .put, 1, .answer), (.ifIdempotent, .other, 1, .answer),
        (.never, .get, 1, .answer), (.never, .post, 1, .answer),
    ]

    @Test("a failure is resent, retried or answered", arguments: rows)
    func remedies(retry: ExchangeError.Retry, method: Method, retriesLeft: UInt8, expected: Exchange.Remedy) throws {
        let fixture = try WorkerFixture()
        var exchange = exchange(fixture)
        exchange.method = method
        exchange.terms = terms(retriesLeft)
        #expect(exchange.remedy(for: error(retry)) == expected)

        var torn = exchange
        torn.requestIsTorn = true
        #expect(torn.remedy(for: error(retry)) == .answer, "what was sent is not held any more")

        var answered = exchange
        answered.phase = .answering
        #expect(answered.remedy(for: error(retry)) == .reset, "the client has a head")

        var tired = exchange
        for number in 0..<Exchange.maxAttempts { tired.attemptBegan(at: EndpointID(rawValue: UInt32(number))) }
        #expect(tired.remedy(for: error(retry)) == .answer, "trying further cures nothing")
    }

    @Test("remembers the first three attempts and why they failed")
    func remembersAttempts() throws {
        let fixture = try WorkerFixture()
        var exchange = exchange(fixture)
        for (number, reason) in [
            ExchangeError.Reason.connectionRefused, .streamRefused, .connectionTimeout, .streamReset,
        ].enumerated() {
            exchange.attemptBegan(at: EndpointID(rawValue: UInt32(number)))
            exchange.attemptFailed(reason)
        }
        #expect(exchange.attempts == 4)
        let endpoints = exchange.trail.endpoints
        #expect([endpoints.0, endpoints.1, endpoints.2].map(\.rawValue) == [0, 1, 2])
        let errors = exchange.trail.errors
        let expected: [ExchangeError.Reason] = [.connectionRefused, .streamRefused, .connectionTimeout]
        #expect([errors.0, errors.1, errors.2] == expected.map { $0.rawValue + 1 })
    }

    static let waits: [(ExchangeError.Reason, ExchangeError.Retry, Method, Bool)] = [
        (.connectionRefused, .safe, .post, true), (.connectionRefused, .ifIdempotent, .get, false),
        (.connectionTerminated, .safe, .post, true), (.connectionTerminated, .ifIdempotent, .get, true),
        (.connectionTerminated, .ifIdempotent, .post, false), (.connectionTerminated, .never, .get, false),
        (.streamReset, .ifIdempotent, .get, false), (.httpResponseTimeout, .safe, .get, false),
    ]

    @Test("waits for health where the connection failed and sending again harms nobody", arguments: waits)
    func waitsForHealth(
        reason: ExchangeError.Reason, retry: ExchangeError.Retry, method: Method, expected: Bool
    ) throws {
        let fixture = try WorkerFixture()
        var exchange = exchange(fixture)
        exchange.method = method
        let failure = ExchangeError(.upstream, reason, retry: retry, code: 0)
        #expect(exchange.mayWait(after: failure, now: fixture.now) == expected)
        let late = fixture.now.advanced(milliseconds: Exchange.patienceMilliseconds)
        #expect(!exchange.mayWait(after: failure, now: late))
    }

    /// (the method, the route says that it is idempotent, it has a key, whether it may be repeated)
    static let repeats: [(Method, Bool, Bool, Bool)] = [
        (.get, false, false, true), (.post, false, true, false), (.post, true, false, false), (.post, true, true, true),
    ]

    @Test("an unsafe request is repeated where its route allows it and it has a key", arguments: repeats)
    func repeatable(method: Method, isIdempotent: Bool, hasKey: Bool, expected: Bool) throws {
        let fixture = try WorkerFixture()
        var exchange = exchange(fixture)
        exchange.method = method
        exchange.terms = terms(1) { $0.isIdempotent = isIdempotent }
        if hasKey { exchange.requestHead.append("idempotency-key", literal: "k") }
        #expect(exchange.isRepeatable == expected)
        #expect((exchange.remedy(for: error(.ifIdempotent)) == .retry) == expected)
    }
}
