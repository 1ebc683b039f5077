import ArgumentParser

/// What the admin API lists whole, and a command of its own shows.
protocol Listed: Codable, Sendable {
    /// In the API, `/v1/…`.
    static var plural: String { get }
    /// What the list is, for `--help`.
    static var abstract: String { get }
    static func lines(_ all: [Self], on screen: Screen) -> [String]
}

/// `portolan tenant list`, `portolan token list`.
struct ListCommand<Item: Listed>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: Item.abstract)
    }
    @OptionGroup var options: AdminOptions

    func run() async throws { try await options.list(Item.plural, Item.lines) }
}
