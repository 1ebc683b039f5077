import Foundation

/// h2load's account of a run.
struct LoadReport {
    let succeeded: Int
    let failed: Int
    let statuses: [Int: Int]
    /// One request as h2load's log has it.
    struct Request {
        /// Seconds since 1970.
        let start: Double
        let status: Int
        let seconds: Double
    }

    /// In the order of their ends; only where a log was asked for.
    let requests: [Request]
    /// Microseconds of each request, sorted; only where a log was asked for.
    let microseconds: [Int]
    let text: String

    /// h2load, to its end.
    static func run(
        _ edge: RunningEdge, _ path: String, _ options: [String], _ listener: RunningEdge.Listener = .plain,
        within seconds: Double = 60
    ) throws -> LoadReport {
        let folder = try TemporaryFolder()
        let load = try RunningLoad(edge, path, options, listener, in: folder)
        return try load.report(within: seconds)
    }

    init(_ text: String, log: String) {
        self.text = text
        func number(before word: String) -> Int {
            let words = text.split(whereSeparator: { " ,\n".contains($0) })
            guard let place = words.firstIndex(of: Substring(word)), place > 0 else { return -1 }
            return Int(words[place - 1]) ?? -1
        }
        succeeded = number(before: "succeeded")
        failed = number(before: "failed") + number(before: "errored") + number(before: "timeout")
        var statuses: [Int: Int] = [:]
        for hundred in 2...5 { statuses[hundred * 100] = number(before: "\(hundred)xx") }
        self.statuses = statuses
        requests = log.split(separator: "\n").compactMap { line in
            let columns = line.split(separator: "\t").compactMap { Int($0) }
            guard columns.count == 3 else { return nil }
            return Request(start: Double(columns[0]) / 1e6, status: columns[1], seconds: Double(columns[2]) / 1e6)
        }
        microseconds = requests.map { Int($0.seconds * 1e6) }.sorted()
    }

    /// Milliseconds below which `percent` of the requests stayed.
    func milliseconds(percentile percent: Int) -> Double {
        guard !microseconds.isEmpty else { return .infinity }
        return Double(microseconds[min(microseconds.count - 1, microseconds.count * percent / 100)]) / 1_000
    }
}
