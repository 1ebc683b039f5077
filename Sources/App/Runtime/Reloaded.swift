import Config
import ControlPlane

/// What a configuration changes, or would.
struct Reloaded: Sendable {
    /// In words, a line each.
    var changes: [String]
    /// FILE:LINE:COLUMN and what an operator should still look at.
    var warnings: [String]
    /// Of the snapshot that brought it into force; nil: nothing was put in force.
    var generation: UInt64?
}

/// Why a configuration was not applied, nothing having changed.
struct ReloadRefusal: Error, Equatable, CustomStringConvertible {
    /// Each in words; with FILE:LINE:COLUMN where it is the file's mistake. Never empty.
    var reasons: [String]
    var warnings: [String] = []
    /// Where whoever asked had seen another generation: the one in force.
    var inForce: UInt64?
    var description: String { reasons.joined(separator: "\n") }

    static let stopped = ReloadRefusal(reasons: ["the edge has ended"], warnings: [])

    init(reasons: [String], warnings: [String]) { (self.reasons, self.warnings) = (reasons, warnings) }

    init(_ error: ApplyError, warnings: [String]) {
        (reasons, inForce, self.warnings) = (error.reasons, error.inForce, warnings)
    }

    init(_ error: ConfigurationError) {
        func words(_ severity: Problem.Severity) -> [String] {
            error.problems.filter { $0.severity == severity }.map(\.description)
        }
        self.init(reasons: words(.error), warnings: words(.warning))
    }
}
