import Testing

@testable import Demo

struct TourTextTests {
    @Test(
        "milliseconds with a decimal where it matters",
        arguments: [
            (0, "0.0 ms"), (1_249, "1.2 ms"), (9_949, "9.9 ms"), (10_000, "10 ms"), (80_499, "80 ms"),
        ] as [(UInt64, String)])
    func milliseconds(microseconds: UInt64, text: String) {
        #expect(TourText.milliseconds(microseconds) == text)
    }

    @Test func countsNameTheFailures() {
        var report = LoadReport()
        report.answered = 5
        #expect(TourText.counts(report) == "5 answered, 0 failed")
        report.failures = ["status 503": 2, "connection reset": 1]
        #expect(TourText.counts(report) == "5 answered, 3 failed (connection reset 1, status 503 2)")
    }
}
