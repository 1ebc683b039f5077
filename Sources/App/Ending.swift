import ArgumentParser

/// How the process ends after an error, or after help: its exit code and what it says (interfaces.md, Commands).
struct Ending: Equatable {
    let code: Int32
    let text: String

    init(_ error: any Error) {
        if let failure = error as? CommandFailure {
            (code, text) = (failure.code.rawValue, "portolan: \(failure.message)")
            return
        }
        let exit = Portolan.exitCode(for: error)
        if exit == .success {
            (code, text) = (0, Portolan.fullMessage(for: error))
        } else if exit == .validationFailure {
            let message = Portolan.message(for: error).split(separator: "\n").first ?? "not understood"
            let see = message.last == "." || message.last == "?" ? " See" : "; see"
            code = CommandFailure.Code.usage.rawValue
            text = "portolan: \(message)\(see) `\(Ending.help(error))`"
        } else {
            (code, text) = (exit.rawValue, error is ExitCode ? "" : "portolan: \(error)")
        }
    }

    /// What tells more of the command that was not understood: the parser names it at the end of its message.
    private static func help(_ error: any Error) -> String {
        let text = Portolan.fullMessage(for: error)
        return text.matches(of: /See '(portolan[^']*)' for/).last.map { String($0.1) } ?? "portolan help"
    }
}
