/// How far the regions are from the edge: drawn from the seed, the local one near.
struct Distance: Sendable {
    /// Nanoseconds there and back.
    var roundTrip: UInt64

    /// Some pairs of regions are nearly equal, which is what bands and dwells are for.
    static func draw(_ count: Int, local: Int, _ dice: Dice) -> [Distance] {
        var distances: [Distance] = []
        for index in 0..<count {
            let milliseconds = 8 + dice.number(below: 100, 0xD157, UInt64(index))
            let isTwin = index > 0 && dice.number(below: 3, 0xD158, UInt64(index)) == 0
            let roundTrip = isTwin ? distances[index - 1].roundTrip + 3_000_000 : milliseconds * 1_000_000
            distances.append(Distance(roundTrip: index == local ? 1_000_000 : max(roundTrip, 4_000_000)))
        }
        return distances
    }
}
