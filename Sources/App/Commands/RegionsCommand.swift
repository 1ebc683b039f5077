import Admin
import ArgumentParser

/// `portolan regions`.
struct RegionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regions", abstract: "The regions of a running edge: whether they serve, and how far they are.")
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.show("/v1/regions") { (list: RegionList) in StatusText.lines(list) }
    }
}
