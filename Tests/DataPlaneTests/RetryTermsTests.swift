import Model
import Testing

@testable import DataPlane

struct RetryTermsTests {
    @Test("a route names what is retried", arguments: RetryCause.allCases)
    func causes(cause: RetryCause) {
        var route = RouteEntry()
        route.retryOn = RetryCause.all & ~cause.bit
        let terms = RetryTerms(route)
        for other in RetryCause.allCases { #expect(terms.allows(other) == (other != cause)) }
    }

    @Test func retriesAreUsedUp() {
        var route = RouteEntry()
        route.retries = 2
        var terms = RetryTerms(route)
        terms.used()
        #expect(terms.allows(.reset))
        terms.used()
        #expect(!terms.allows(.reset) && terms.isCause(.reset))
    }

    @Test("three answers are another endpoint's chance", arguments: [200, 404, 500, 501, 502, 503, 504, 505])
    func statuses(status: UInt16) {
        let expected: [UInt16: ExchangeError.Reason] = [
            502: .answeredBadGateway, 503: .answeredUnavailable, 504: .answeredGatewayTimeout,
        ]
        #expect(RetryCause(status: status)?.answered == expected[status])
    }
}
