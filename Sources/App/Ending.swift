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
            (code, text) = (CommandFailure.Code.usage.rawValue, "portolan: \(message); see `portolan help`")
        } else {
            (code, text) = (exit.rawValue, error is ExitCode ? "" : "portolan: \(error)")
        }
    }
}
