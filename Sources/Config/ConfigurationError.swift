/// Why a configuration did not load: all of its problems, errors and warnings, in the order of their places.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    public let problems: [Problem]

    public init(problems: [Problem]) { self.problems = problems }

    /// One line a problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
