import Testing

@testable import Simulation

struct DiceTests {
    @Test("chance depends on seed, subject and moment, and on nothing else")
    func repeats() {
        let dice = Dice(seed: 7)
        #expect(dice.word(1, 2) == Dice(seed: 7).word(1, 2))
        #expect(Set([dice.word(1, 2), dice.word(2, 1), dice.word(1, 3), Dice(seed: 8).word(1, 2)]).count == 4)
    }

    @Test("numbers fill their range")
    func fills() {
        let dice = Dice(seed: 1)
        var counts = [Int](repeating: 0, count: 10)
        for moment in 0..<10_000 as Range<UInt64> { counts[Int(dice.number(below: 10, 3, moment))] += 1 }
        #expect(counts.allSatisfy { $0 > 850 && $0 < 1_150 }, "\(counts)")
    }
}
