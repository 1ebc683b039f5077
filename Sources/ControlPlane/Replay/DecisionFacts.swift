import Model

/// The value of a line's field `facts`: what a decision went by that no other field says, as words between spaces.
/// The first word names the run; then, where there is something to say, numbers in base 36 behind a letter:
///
///     k key    hR.C session held in region R, cell C    x region asked for, x? a name that nobody has
///     l regions that let it go, a bit each    n the first of them
///     and of the first decision, where the line's own fields tell of a later one, or of nothing:
///     r region    c cell    e endpoint    w reason (its number)    g generation
struct DecisionFacts: Equatable, Sendable {
    enum XRegion: Equatable, Sendable {
        case absent, unknown
        case named(UInt16)
    }

    var run = ""
    var key: UInt64?
    var hold = SessionHold.none
    var xRegion = XRegion.absent
    var letGo = RegionSet.empty
    var nearest = RegionID.none
    var region: UInt16?
    var cell: UInt16?
    var endpoint: UInt32?
    var reason: Reason?
    var generation: UInt64?

    init() {}

    /// Nil: it says something that this version does not know.
    init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard let run = words.first, !run.isEmpty else { return nil }
        self.run = String(run)
        for word in words.dropFirst() {
            guard let letter = word.first, take(letter, word.dropFirst()) else { return nil }
        }
    }

    private mutating func take(_ letter: Character, _ text: some StringProtocol) -> Bool {
        func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? { Number(text, radix: 36) }
        switch letter {
        case "k": key = number(UInt64.self)
        case "h": return takeHold(text)
        case "x" where text == "?": xRegion = .unknown
        case "x": xRegion = number(UInt16.self).map { .named($0) } ?? .unknown
        case "l": letGo.bits = number(UInt64.self) ?? 0
        case "n": nearest.rawValue = number(UInt16.self) ?? RegionID.none.rawValue
        case "r": region = number(UInt16.self)
        case "c": cell = number(UInt16.self)
        case "e": endpoint = number(UInt32.self)
        case "w": reason = number(UInt8.self).flatMap(Reason.init)
        case "g": generation = number(UInt64.self)
        default: return false
        }
        return text == "?" ? letter == "x" : number(UInt64.self) != nil
    }

    private mutating func takeHold(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let region = UInt16(parts[0], radix: 36), let cell = UInt16(parts[1], radix: 36) else {
            return false
        }
        hold = SessionHold(region: RegionID(rawValue: region), cell: CellID(rawValue: cell))
        return true
    }
}
