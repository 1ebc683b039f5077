import Admin
import ArgumentParser
import ControlPlane

/// What `weight` and `dial` have in common: a whole percent or `reset`, why, and for how long.
struct ShareOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("0 to 100, or `reset` to return to the file.", valueName: "PERCENT|reset"))
    var percent: String
    @OptionGroup var why: ReasonOptions
    @Option(help: ArgumentHelp("It returns to the file's then. Default: never.", valueName: "TIME"))
    var expiresIn: String?
    @OptionGroup var options: ChangeOptions

    func validate() throws {
        if percent == "reset" {
            if expiresIn != nil { throw ValidationError("reset takes no --expires-in: there is nothing to expire") }
        } else if !(0...100).contains(Int(percent) ?? -1) {
            throw ValidationError("\(percent) is no share: give a whole percent from 0 to 100, or reset")
        }
    }

    func send(to path: String) async throws {
        let lines = { (change: Status.Change, screen: Screen) in OperatorText.lines(change, on: screen) }
        if let number = Int(percent) {
            let body = ShareRequest(percent: number, reason: why.reason, expiresIn: expiresIn)
            try await options.send(.put, path, body, lines)
        } else {
            try await options.send(.delete, AdminRequest.path(path, [("reason", why.reason)]), lines)
        }
    }
}
