import Glibc
import Model

/// Draws the winner of a weighted choice anew, given who won it before and how likely everybody was.
///
/// Think of the choice as a race: each entrant needs a time that is exponentially distributed with its weight as the
/// rate, so it wins as often as its weight says. Of a race that was run the winner is known; the winner's time, and how
/// much longer each other one took, are drawn from what remains possible. The same race with the same weights has the
/// same winner; with others each entrant's time is stretched by what became of its weight. So shares come out right,
/// whoever takes part, and nobody moves but to one whose weight grew against that of the winner before.
struct Race {
    struct Entrant: BitwiseCopyable {
        /// Index of a region or a cell.
        var index: Int
        /// Now; not 0.
        var weight: Double
        /// In the race that was run; 0: not among them.
        var former: Double
        fileprivate(set) var time = 0.0
        init(index: Int, weight: Double, former: Double) {
            (self.index, self.weight, self.former) = (index, weight, former)
        }
    }

    /// After `run`: the first one first.
    private(set) var entrants: [Entrant] = []

    mutating func begin() { entrants.removeAll(keepingCapacity: true) }

    mutating func add(_ index: Int, weight: Double, former: Double) {
        if weight > 0 { entrants.append(Entrant(index: index, weight: weight, former: former)) }
    }

    /// - Parameters:
    ///   - winner: with its former weight; nil: nothing is known of a race before.
    ///   - formerSum: of all who took part then, those that are gone included.
    mutating func run(winner: (index: Int, former: Double)?, formerSum: Double, seed: UInt64) {
        // The winner's time, in the former race's measure.
        let lead = winner == nil ? 0 : Race.exponential(seed, .max) / formerSum
        for place in entrants.indices {
            let entrant = entrants[place]
            let fresh = Race.exponential(seed, entrant.index)
            let work: Double
            if winner?.index == entrant.index {
                work = lead * entrant.former
            } else {
                work = winner == nil || entrant.former == 0 ? fresh : lead * entrant.former + fresh
            }
            entrants[place].time = work / entrant.weight
        }
        entrants.sort { $0.time < $1.time }
    }

    /// Exponentially distributed with mean 1. Never so near 0 that adding it to a winner's time would be lost in
    /// rounding, and the winner tie.
    private static func exponential(_ seed: UInt64, _ index: Int) -> Double {
        var random = SplitMix64(seed: seed ^ UInt64(truncatingIfNeeded: index) &* 0xD6E8_FEB8_6659_FD93)
        let uniform = (Double(random.next() >> 11) + 0.5) * 0x1p-53
        return max(1e-9, -log(uniform))
    }
}
