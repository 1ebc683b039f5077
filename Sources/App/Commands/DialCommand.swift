import ArgumentParser

/// `portolan dial`.
struct DialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dial", abstract: "Let a region keep so many percent of the requests that choose it.",
        discussion: "The rest go to the next fit region; 0 means none.")
    @Argument(help: ArgumentHelp("The region.", valueName: "REGION"), completion: NameCompletion.regions) var region:
        String
    @OptionGroup var share: ShareOptions

    func run() async throws { try await share.send(to: "/v1/regions/\(AdminRequest.escaped(region))/dial") }
}
