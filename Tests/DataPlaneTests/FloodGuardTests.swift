import Model
import Testing

@testable import DataPlane

struct FloodGuardTests {
    private func guarding(_ change: (inout Limits) -> Void) -> FloodGuard {
        var limits = Limits()
        change(&limits)
        return FloodGuard(limits, now: .zero)
    }

    @Test("streams that die early: a burst, then so many a second")
    func countsResets() {
        var floods = guarding { ($0.earlyResetBurst, $0.earlyResetsPerSecond) = (10, 5) }
        for _ in 0..<10 { floods.streamDied(now: .zero) }
        #expect(floods.isFlooded(now: .zero) == false)
        let later = LoopTime.zero.advanced(milliseconds: 1_000)
        for _ in 0..<5 { floods.streamDied(now: later) }
        #expect(floods.isFlooded(now: later) == false)
        floods.streamDied(now: later)
        #expect(floods.isFlooded(now: later) == true)
        #expect(floods.isFlooded(now: later.advanced(milliseconds: 1_000_000)) == true, "and it stays so")
    }

    @Test("glitches count by what they cost")
    func countsGlitches() {
        var floods = guarding { ($0.glitchBurst, $0.glitchesPerSecond) = (100, 10) }
        for _ in 0..<10 { floods.glitched(10) }
        #expect(floods.isFlooded(now: .zero) == false)
        floods.glitched(1)
        #expect(floods.isFlooded(now: .zero) == true)
    }

    @Test(
        "octets that are neither fields nor bodies",
        arguments: [(8_000, 0, false), (8_008, 0, true), (16_000, 1_000, false), (16_008, 1_000, true)])
    func weighsOverhead(received: Int, useful: Int, isFlooded: Bool) {
        var floods = guarding { $0.overheadAllowanceBytes = 1_000 }
        floods.received(received)
        floods.useful(useful)
        #expect(floods.isFlooded(now: .zero) == isFlooded)
    }
}
