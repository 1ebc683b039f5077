import Testing

@testable import App

struct WordsTests {
    @Test(
        "the two largest units",
        arguments: [
            (0, "0 s"), (59, "59 s"), (60, "1 m"), (61, "1 m 1 s"), (3_600, "1 h"), (3_661, "1 h 1 m"),
            (90_000, "1 d 1 h"), (86_401, "1 d"),
        ] as [(UInt64, String)])
    func durations(seconds: UInt64, text: String) { #expect(Words.duration(seconds: seconds) == text) }

    @Test(
        "short times keep hundredths",
        arguments: [
            (0, "-"), (1, "0.01 ms"), (420, "0.42 ms"), (1_050, "1.05 ms"), (9_999, "10.00 ms"), (81_400, "81 ms"),
        ] as [(UInt64, String)])
    func milliseconds(microseconds: UInt64, text: String) {
        #expect(Words.milliseconds(microseconds: microseconds) == text)
    }

    @Test(
        "thousands are told apart",
        arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] as [(UInt64, String)])
    func counts(number: UInt64, text: String) { #expect(Words.count(number) == text) }

    static let rates: [(Double, String)] = [
        (0, "0/s"), (-1, "0/s"), (.nan, "0/s"), (0.25, "0.3/s"), (9.94, "9.9/s"), (9.96, "10/s"), (1_234.4, "1,234/s"),
        (1e300, "1,000,000,000,000,000/s"),
    ]
    @Test("rates", arguments: rates)
    func rate(value: Double, text: String) { #expect(Words.rate(value) == text) }

    static let shares: [(Double, String)] = [
        (37, "37 %"), (18.5, "18.5 %"), (0.25, "0.25 %"), (0.05, "0.05 %"), (-3, "0 %"), (.infinity, "-"),
    ]
    @Test("percents keep what they have", arguments: shares)
    func percent(value: Double, text: String) { #expect(Words.percent(value) == text) }

    @Test("a time to the minute, and control characters as dots")
    func texts() {
        #expect(Words.minute("2026-01-02T03:04:05.000Z") == "2026-01-02 03:04Z" && Words.minute("soon") == "soon")
        #expect(Words.plain("a\u{1B}]0;x\u{7}\r\nb") == "a·]0;x···b" && Words.plain("Zürich 🚢") == "Zürich 🚢")
        #expect(Words.plain("\u{202E}evil\u{9B}2J") == "·evil·2J")
        #expect(Words.counted(1, "request") == "1 request" && Words.counted(1_000, "cell") == "1,000 cells")
    }
}
