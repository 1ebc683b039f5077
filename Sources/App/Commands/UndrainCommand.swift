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
    @Argument(help: ArgumentHelp("The cell or region that is draining.", valueName: "CELL|REGION")) var target: String
    @Option(help: ArgumentHelp("Why; kept with its events.", valueName: "TEXT")) var reason: String?
    @OptionGroup var options: AdminOptions

    func run() async throws {
        let list = try await options.client().get(DrainList.self, "/v1/drains")
        let name = target.split(separator: "/", maxSplits: 1).last.map(String.init) ?? target
        let kind = target.hasPrefix("cell/") ? "cell" : target.hasPrefix("region/") ? "region" : nil
        let found = list.drains.filter {
            $0.target == name && $0.state != "ended" && (kind == nil || $0.kind == kind)
        }
        guard let drain = found.first, found.count == 1 else {
            throw CommandFailure(
                .refused,
                found.isEmpty
                    ? "\(target) is not draining; see `portolan drains`"
                    : "a cell and a region \(name) are draining: say cell/\(name) or region/\(name)")
        }
        let query = reason.map { "?reason=\(AdminOptions.escaped($0))" } ?? ""
        try await options.send(.delete, "/v1/drains/\(drain.id)\(query)", nil as ShareRequest?) {
            (drain: Status.Drain) in OperatorText.lines(drain)
        }
    }
}
