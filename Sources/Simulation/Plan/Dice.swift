/// Chance that depends on nothing but what it is asked for: an event left out of a schedule changes the luck of no
/// other, which is what makes a failing run small.
struct Dice: Sendable {
    let seed: UInt64

    func word(_ subject: UInt64, _ moment: UInt64) -> UInt64 {
        var z = seed ^ (subject &* 0x9E37_79B9_7F4A_7C15) ^ (moment &* 0xD6E8_FEB8_6659_FD93)
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in `0..<bound`.
    func number(below bound: UInt64, _ subject: UInt64, _ moment: UInt64) -> UInt64 {
        ((word(subject, moment) >> 32) &* bound) >> 32
    }
}
