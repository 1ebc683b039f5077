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
}
