/// Why a position could not be read, in words for an operator.
public struct PositionFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// What somebody else wrote, so short that it fits a message.
    static func quoted(_ text: some StringProtocol) -> String {
        text.count > 60 ? "“\(text.prefix(60))…”" : "“\(text)”"
    }
}
