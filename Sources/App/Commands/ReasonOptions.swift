import ArgumentParser

/// Why: what every change but the smallest must say.
struct ReasonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; kept with the change and in the audit log.", valueName: "TEXT"))
    var reason: String

    func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason is empty: say why") }
    }
}
