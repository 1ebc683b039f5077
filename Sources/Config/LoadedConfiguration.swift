public import Model

/// A configuration without an error, and what an operator should still look at.
public struct LoadedConfiguration: Equatable, Sendable {
    public let configuration: Configuration
    /// Of severity `warning` all.
    public let warnings: [Problem]

    public init(configuration: Configuration, warnings: [Problem]) {
        (self.configuration, self.warnings) = (configuration, warnings)
    }
}
