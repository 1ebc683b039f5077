/// One mistake in a configuration file, where it stands, and what would be right.
public struct Problem: Equatable, Sendable, CustomStringConvertible {
    /// A warning is printed; the configuration loads all the same.
    public enum Severity: String, Sendable { case error, warning }
    /// As the loader was given it.
    public let file: String
    /// From 1.
    public let line: Int
    /// From 1, counted in Unicode scalars.
    public let column: Int
    public let severity: Severity
    /// What is wrong, and in brackets what would be right.
    public let message: String

    public init(file: String, line: Int, column: Int, severity: Severity = .error, message: String) {
        (self.file, self.line, self.column) = (file, line, column)
        (self.severity, self.message) = (severity, message)
    }

    /// `FILE:LINE:COLUMN: error: message`.
    public var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(message)" }

    /// By file (the configuration's own, `first`, before the files it names), then by place.
    static func inOrder(_ problems: [Problem], first: String) -> [Problem] {
        let key = { (problem: Problem) in
            (problem.file == first ? 0 : 1, problem.file, problem.line, problem.column)
        }
        let sorted = problems.enumerated().sorted { left, right in
            let (a, b) = (key(left.element), key(right.element))
            return a == b ? left.offset < right.offset : a < b
        }
        return sorted.map(\.element)
    }
}
