/// How far a copy of a dataset has come, as whoever keeps it says: an LSN, an offset, a count of transactions, the id
/// of an entry in a stream (routing.md, Replication lag). Compared exactly, beyond what a binary fraction can tell.
///
/// Numbers, LSNs and ids of streams have one order: an LSN is the number of octets that PostgreSQL's
/// `pg_wal_lsn_diff(lsn, '0/0')` says, and `1700000000000` is the id `1700000000000-0`.
public struct Position: Comparable, Hashable, Sendable, CustomStringConvertible {
    private enum Form: UInt8 { case number, lsn, stream }

    /// Digits behind the point that are kept; further ones are too fine for any clock or counter.
    private static let fractionDigits = 18
    private static let fractionUnit = 1e18

    private let high: UInt64
    /// Of a number: its fraction in units of 10⁻¹⁸. Of a stream's id: what stands behind the dash.
    private let low: UInt64
    private let form: Form

    private init(_ high: UInt64, _ low: UInt64, _ form: Form) { (self.high, self.low, self.form) = (high, low, form) }

    /// Decimal numbers as Prometheus prints them (`12000000`, `1.2e+07`, `0.5`), LSNs of PostgreSQL (`16/B374D848`),
    /// ids of Redis's streams (`1700000000000-5`). White space around it is passed over.
    public init(_ text: some StringProtocol) throws(PositionFailure) {
        let text = text.drop(while: \.isWhitespace)
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
        let word = text[..<end]
        let found = Position.lsn(word) ?? Position.stream(word) ?? Position.number(word)
        guard let found else { throw PositionFailure("\(PositionFailure.quoted(word)) is not a position") }
        self = found
    }

    public static func == (a: Position, b: Position) -> Bool { a.high == b.high && a.low == b.low }
    public static func < (a: Position, b: Position) -> Bool { (a.high, a.low) < (b.high, b.low) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
    }

    /// As it was written, without needless zeros and exponents.
    public var description: String {
        switch form {
        case .lsn:
            let halves = [high >> 32, high & 0xFFFF_FFFF].map { String($0, radix: 16, uppercase: true) }
            return halves.joined(separator: "/")
        case .stream: return "\(high)-\(low)"
        case .number:
            if low == 0 { return "\(high)" }
            var digits = String(low)
            digits = String(repeating: "0", count: Position.fractionDigits - digits.count) + digits
            while digits.last == "0" { digits.removeLast() }
            return "\(high).\(digits)"
        }
    }

    /// Where this stands on the way from `start` to `end`, 0 at the start and 1 at the end; between positions of a
    /// stream that differ before the dash that part alone counts.
    /// - Precondition: `start` is before `end`.
    func part(from start: Position, to end: Position) -> Double {
        precondition(start < end, "there is no way from \(start) to \(end)")
        let part = distance(from: start) / end.distance(from: start)
        return min(1, max(0, part))
    }

    private func distance(from start: Position) -> Double {
        let whole = high >= start.high ? Double(high - start.high) : -Double(start.high - high)
        let fine = low >= start.low ? Double(low - start.low) : -Double(start.low - low)
        // Millions of entries fit into a stream's millisecond, but hardly ever do.
        return whole + fine / (form == .stream ? 1e6 : Position.fractionUnit)
    }

    // MARK: Forms

    /// Two hexadecimal halves of 32 bits (PostgreSQL, pg_lsn).
    private static func lsn(_ text: some StringProtocol) -> Position? {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let high = half(halves[0]), let low = half(halves[1]) else { return nil }
        return Position(high << 32 | low, 0, .lsn)
    }

    private static func half(_ text: some StringProtocol) -> UInt64? {
        (1...8).contains(text.utf8.count) && text.first?.isHexDigit == true ? UInt64(text, radix: 16) : nil
    }

    /// Milliseconds and a number (Redis, entry ids).
    private static func stream(_ text: some StringProtocol) -> Position? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = digits(parts[0]), let number = digits(parts[1]) else { return nil }
        return Position(time, number, .stream)
    }

    private static func digits(_ text: some StringProtocol) -> UInt64? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? UInt64(text) : nil
    }

    /// Never below zero, and below 2⁶⁴.
    private static func number(_ text: some StringProtocol) -> Position? {
        let halves = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard halves.count <= 2, let mantissa = halves.first else { return nil }
        var exponent = 0
        if halves.count == 2 {
            guard let power = Int(halves[1]), abs(power) <= 400 else { return nil }
            exponent = power
        }
        let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
            return nil
        }
        let fraction = parts.count == 2 ? Array(parts[1].utf8) : []
        let all = Array(parts[0].utf8) + fraction
        guard !all.isEmpty, all.count <= 400 else { return nil }
        return number(all, pointAt: all.count - fraction.count + exponent)
    }

    /// - Parameter point: so many digits stand before it; zeros fill in where that is below none, or more than all.
    private static func number(_ digits: [UInt8], pointAt point: Int) -> Position? {
        func value(_ places: Range<Int>) -> UInt64? {
            var value: UInt64 = 0
            for place in places {
                let digit = digits.indices.contains(place) ? UInt64(digits[place] - 48) : 0
                let (tens, isTooMuch) = value.multipliedReportingOverflow(by: 10)
                let (sum, isOver) = tens.addingReportingOverflow(digit)
                if isTooMuch || isOver { return nil }
                value = sum
            }
            return value
        }
        let whole = point > 0 ? value(0..<point) : 0
        guard let whole, let fraction = value(point..<(point + fractionDigits)) else { return nil }
        return Position(whole, fraction, .number)
    }
}
