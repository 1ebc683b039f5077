import Model
import Support
import Testing

@testable import ControlPlane

struct PositionTests {
    static let rows: [(text: String, same: String)] = [
        ("0", "0"), ("12000000", "12000000"), ("1.2e+07", "12000000"), ("1.2E7", "12000000"), ("  7\r\n", "7"),
        ("9007199254740993", "9007199254740993"), ("18446744073709551615", "18446744073709551615"),
        ("1.8446744073709551615e19", "18446744073709551615"), ("1.700000000125e+09", "1700000000.125"),
        ("5e-07", "0.0000005"), ("0.5000", "0.5"), ("5.", "5"), (".5", "0.5"), ("1e-30", "0"), ("00042", "42"),
        ("16/B374D848", "16/B374D848"), ("0/0", "0/0"), ("ffffffff/ffffffff", "FFFFFFFF/FFFFFFFF"),
        ("1700000000000-5", "1700000000000-5"), ("0-1", "0-1"),
        ("18446744073709551615-18446744073709551615", "18446744073709551615-18446744073709551615"),
    ]

    @Test("what is a position", arguments: rows)
    func reads(text: String, same: String) throws {
        #expect(try Position(text).description == same)
    }

    static let wrong = [
        "", " ", "-1", "+1", "NaN", "+Inf", "Inf", "1e", "e5", "1e+", "1.2.3", ".", "0x10", "1 2", "12a", "१२",
        "18446744073709551616", "1.8446744073709551616e19", "1e20", "1e500", "16/", "/16", "1/2/3", "100000000/0",
        "16/G", "+1/2", "1/+2", "1-", "-1-2", "1-2-3", "3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5",
        "18446744073709551616-0", "1.5-2",
    ]

    @Test("what is none says so", arguments: wrong)
    func refuses(text: String) {
        let error = #expect(throws: PositionFailure.self) { try Position(text) }
        #expect(error?.description.contains("is not a position") == true)
    }

    static let pairs: [(String, String)] = [
        ("9007199254740992", "9007199254740993"), ("9", "10"), ("1.5", "1.50001"), ("1.2e+07", "12000001"),
        ("16/B374D848", "16/B374D849"), ("9/0", "A/0"), ("F/FFFFFFFF", "10/0"), ("1-9", "1-10"), ("1-9", "2-0"),
        ("0/A", "11"), ("1700000000000", "1700000000000-1"),
    ]

    @Test("the earlier and the later", arguments: pairs)
    func order(earlier: String, later: String) throws {
        #expect(try Position(earlier) < Position(later))
        #expect(try !(Position(later) < Position(earlier)) && Position(later) != Position(earlier))
    }

    @Test("an LSN is the number that PostgreSQL's difference from 0/0 is")
    func lsn() throws {
        #expect(try Position("16/B374D848") == Position("97500059720"))
        #expect(try Position("1.2e+07").hashValue == Position("12000000").hashValue)
    }

    /// However a number is written, it is the same position, and numbers have the order of their values.
    @Test func writtenAnyWay() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<3_000 {
            let note = Comment(rawValue: "seed \(random.seed), round \(round)")
            let value = random.next() >> UInt64(random.next(below: 64))
            let digits = "\(value)"
            let cut = Int(random.next(below: UInt32(digits.count + 1)))
            let mantissa = "\(digits.prefix(cut)).\(digits.dropFirst(cut))"
            let position = try Position("\(mantissa)e+\(digits.count - cut < 10 ? "0" : "")\(digits.count - cut)")
            try #require(try position == Position(digits) && position.description == digits, note)
            let other = random.next() >> UInt64(random.next(below: 64))
            try #require(try (position < Position("\(other)")) == (value < other), note)
            let lsn = String(value >> 32, radix: 16) + "/" + String(value & 0xFFFF_FFFF, radix: 16)
            try #require(try Position(lsn) == position, note)
            let fraction = Double(random.next() >> 11) / 4_096
            try #require(try Position("\(fraction)").part(from: Position("0"), to: Position("1e19")) < 1, note)
        }
    }

    static let parts: [(String, String, String, Double)] = [
        ("0", "5", "10", 0.5), ("1/0", "1/40000000", "2/0", 0.25), ("1.5", "1.75", "2.5", 0.25),
        ("1000-0", "1500-3", "2000-0", 0.5), ("7-0", "7-5", "7-10", 0.5), ("5", "5", "9", 0), ("5", "9", "9", 1),
        ("5", "3", "9", 0), ("18446744073709551600", "18446744073709551608", "18446744073709551615", 8.0 / 15),
    ]

    @Test("where one stands between two others", arguments: parts)
    func part(start: String, middle: String, end: String, expected: Double) throws {
        let part = try Position(middle).part(from: Position(start), to: Position(end))
        #expect(abs(part - expected) < 1e-5)
    }
}
