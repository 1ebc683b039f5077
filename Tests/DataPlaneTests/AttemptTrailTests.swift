import Model
import Testing

@testable import DataPlane

struct AttemptTrailTests {
    @Test("attempts end in any order, and the log has room for three")
    func keepsThree() {
        var trail = AttemptTrail()
        #expect(trail.beforeLast == .none)
        let whys: [AttemptWhy] = [.first, .hedge, .retry, .resend]
        let places = whys.enumerated().map { trail.began(at: EndpointID(rawValue: UInt32($0)), $1) }
        trail.left(places[1], .outrun)
        trail.left(places[3], .streamReset)
        trail.left(places[0], .streamReset)
        #expect(trail.count == 4 && trail.beforeLast == EndpointID(rawValue: 2))
        #expect([trail.endpoints.0, trail.endpoints.1, trail.endpoints.2].map(\.rawValue) == [0, 1, 2])
        #expect(trail.whys == (.first, .hedge, .retry))
        let expected = [ExchangeError.Reason.streamReset.rawValue + 1, ExchangeError.Reason.outrun.rawValue + 1, 0]
        #expect([trail.errors.0, trail.errors.1, trail.errors.2] == expected)
    }
}
