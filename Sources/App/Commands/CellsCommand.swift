import Admin
import ArgumentParser

/// `portolan cells`.
struct CellsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cells", abstract: "The cells of a running edge: health, weights, endpoints that are down.")
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.show("/v1/cells") { (list: CellList) in StatusText.lines(list) }
    }
}
