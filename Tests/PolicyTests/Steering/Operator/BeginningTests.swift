import Model
import Testing

@testable import Policy

struct BeginningTests {
    @Test("ages and instants, also of what began before the clock did")
    func ages() {
        let now = LoopTime(nanoseconds: 1_000)
        let beginning = Beginning(now, elapsedNanoseconds: 5_000)
        #expect(beginning.age(at: now) == 5_000 && beginning.age(at: LoopTime(nanoseconds: 1_600)) == 5_600)
        #expect(beginning.age(at: .zero) == 5_000)
        #expect(beginning.instant(atAge: 5_500) == LoopTime(nanoseconds: 1_500))
        #expect(beginning.instant(atAge: 10) == now && beginning.instant(atAge: .max) == .distantFuture)
        #expect(Beginning(now).instant(atAge: 1_000_000) == now.advanced(milliseconds: 1))
        #expect(Beginning(now, elapsedNanoseconds: .max).age(at: now) == .max)
        #expect(Beginning.nanoseconds(.max) == .max)
    }
}
