import ArgumentParser

/// `portolan weight`.
struct WeightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weight", abstract: "Give a cell so many percent of its region's traffic.",
        discussion: "The region's other cells share the rest in proportion to their configured weights.")
    @Argument(help: ArgumentHelp("The cell.", valueName: "CELL"), completion: NameCompletion.cells) var cell: String
    @OptionGroup var share: ShareOptions

    func run() async throws { try await share.send(to: "/v1/cells/\(AdminRequest.escaped(cell))/weight") }
}
