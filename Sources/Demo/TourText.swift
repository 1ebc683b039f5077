/// Counts of a report in plain words.
enum TourText {
    /// `120 answered, 0 failed`, with the reasons of failures.
    static func counts(_ report: LoadReport) -> String {
        let failures = report.failures.isEmpty ? "" : " (\(tally(report.failures)))"
        return "\(report.answered) answered, \(report.failed) failed\(failures)"
    }

    /// `use-a 60, use-b 60`, by name.
    static func tally(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    /// `median 81 ms, slowest 95 ms`.
    static func latency(_ report: LoadReport) -> String {
        let median = milliseconds(report.latency.percentile(50))
        return "median \(median), slowest \(milliseconds(report.latency.maxMicroseconds))"
    }

    /// One decimal below 10 ms, none above.
    static func milliseconds(_ microseconds: UInt64) -> String {
        if microseconds >= 10_000 { return "\((microseconds + 500) / 1_000) ms" }
        let tenths = (microseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) ms"
    }

    /// `1.3 s`.
    static func seconds(_ nanoseconds: UInt64) -> String {
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
