import Testing

@testable import Admin

struct MetricsWriterTests {
    @Test(
        "microseconds become seconds without a rounding error",
        arguments: [
            (0, "0"), (1, "0.000001"), (500, "0.0005"), (1_000_000, "1"), (2_500_000, "2.5"), (10_000_001, "10.000001"),
        ] as [(UInt64, String)])
    func seconds(microseconds: UInt64, text: String) {
        #expect(MetricsWriter.seconds(microseconds) == text)
    }

    @Test("a label's value cannot end the label")
    func escapes() {
        var writer = MetricsWriter()
        writer.family("x", .gauge, "X.")
        writer.sample(1, [("a", "b\"c\\d\ne"), ("f", "ü")])
        #expect(writer.text == "# HELP x X.\n# TYPE x gauge\nx{a=\"b\\\"c\\\\d\\ne\",f=\"ü\"} 1\n")
    }

    @Test("buckets are cumulated and end in +Inf")
    func histogram() {
        var writer = MetricsWriter()
        writer.family("h", .histogram, "H.")
        writer.histogram([], bounds: [500, 1_000], buckets: [2, 0, 3], sumMicroseconds: 7_000)
        let samples = writer.text.split(separator: "\n").dropFirst(2)
        #expect(
            samples == [
                "h_bucket{le=\"0.0005\"} 2", "h_bucket{le=\"0.001\"} 2", "h_bucket{le=\"+Inf\"} 5", "h_sum 0.007",
                "h_count 5",
            ])
    }
}
