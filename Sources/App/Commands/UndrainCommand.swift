import Admin
import ArgumentParser
import ControlPlane

/// `portolan undrain`.
struct UndrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undrain", abstract: "Bring a drained cell or region back, step by step.",
        discussion: """
            1 %, 5 %, 25 % and 100 % of its share, each held 30 s, and stopped when its errors double: undrain again \
            to go on then.
            """)
    @Argument(
        help: ArgumentHelp("The cell or region that is draining.", valueName: "CELL|REGION"),
        completion: NameCompletion.draining)
    var target: String
    @Option(help: ArgumentHelp("Why; kept with its events.", valueName: "TEXT")) var reason: String?
    @OptionGroup var options: ChangeOptions

    func run() async throws {
        try await options.admin.reach { client in
            let drain = try find(in: try await client.all(Status.Drain.self, "/v1/drains"))
            let path = AdminRequest.path("/v1/drains/\(drain.id)", [("reason", reason)])
            let data = try await client.send(options.request(.delete, path))
            try options.admin.print(data, client) { (drain: Status.Drain, screen) in
                OperatorText.lines(drain, on: screen)
            }
        }
    }

    private func find(in drains: [Status.Drain]) throws(CommandFailure) -> Status.Drain {
        let name = target.split(separator: "/", maxSplits: 1).last.map(String.init) ?? target
        let kind = target.hasPrefix("cell/") ? "cell" : target.hasPrefix("region/") ? "region" : nil
        let found = drains.filter {
            $0.target == name && $0.state != "ended" && (kind == nil || $0.kind == kind)
        }
        guard let drain = found.first, found.count == 1 else {
            throw CommandFailure(
                .refused,
                found.isEmpty
                    ? "\(target) is not draining; see `portolan drains`"
                    : "a cell and a region \(name) are draining: say cell/\(name) or region/\(name)")
        }
        return drain
    }
}
