/// One thing that a rule found, as `PATH:LINE: what, and what would be right`.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    /// From 1; 0 where the finding is about a whole file.
    let line: Int
    let message: String

    var description: String { line == 0 ? "\(path): \(message)" : "\(path):\(line): \(message)" }
}

/// All findings as one text, so that a failed expectation shows every one of them.
func report(_ findings: [Finding]) -> String { findings.map(\.description).joined(separator: "\n") }
