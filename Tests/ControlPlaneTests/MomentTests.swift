import Model
import Policy
import Testing

@testable import ControlPlane

struct MomentTests {
    static let moment = Moment(loop: LoopTime(nanoseconds: 1_000), wall: 50_000)

    @Test("what was written down before is found again, also from before this machine's clock began")
    func roundTrips() {
        for wall: UInt64 in [0, 49_990, 50_000] {
            #expect(MomentTests.moment.wall(of: MomentTests.moment.beginning(at: wall)) == wall)
        }
        let ahead = MomentTests.moment.beginning(at: 60_000)
        #expect(ahead == Beginning(LoopTime(nanoseconds: 1_000)))
        #expect(MomentTests.moment.beginning(at: 10_000).elapsedNanoseconds == 40_000)
        #expect(MomentTests.moment.wall(of: MomentTests.moment.beginning(at: 10_000), atAge: 90_000) == 100_000)
        #expect(MomentTests.moment.wall(of: MomentTests.moment.beginning(at: 10_000), atAge: 5) == 10_005)
    }

    @Test("expiries: past ones are due, none stays none")
    func expiries() {
        #expect(MomentTests.moment.expiry(at: nil) == .distantFuture)
        #expect(MomentTests.moment.expiry(at: 3) == LoopTime(nanoseconds: 1_000))
        #expect(MomentTests.moment.expiry(at: 50_500) == LoopTime(nanoseconds: 1_500))
        #expect(MomentTests.moment.wall(ofExpiry: LoopTime(nanoseconds: 1_500)) == 50_500)
        #expect(MomentTests.moment.wall(ofExpiry: LoopTime(nanoseconds: 900)) == 49_900)
        #expect(MomentTests.moment.wall(ofExpiry: .distantFuture) == nil)
        let unset = Moment(loop: LoopTime(nanoseconds: 9_000), wall: 10)
        #expect(unset.wall(of: Beginning(.zero)) == 0 && unset.wall(ofExpiry: .zero) == 0)
    }
}
