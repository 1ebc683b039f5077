import ArgumentParser
import Testing

@testable import App

struct EndingTests {
    /// How the program would end with that command line.
    private func ending(_ arguments: [String]) -> Ending? {
        do {
            var command = try Portolan.parseAsRoot(arguments)
            // Help is a command of the parser's own.
            if !(command is any AsyncParsableCommand), !(command is CheckCommand) { try command.run() }
            return nil
        } catch { return Ending(error) }
    }

    static let rows: [(arguments: [String], code: Int32?)] = [
        (["--help"], 0), (["help"], 0), (["serve", "--help"], 0), (["--version"], 0), (["bogus"], 2), (["--bogus"], 2),
        (["serve"], 2), (["serve", "--config"], 2), (["serve", "--config", "f", "--workers", "x"], 2),
        (["serve", "--config", "f", "--workers", "0"], 2), (["serve", "--config", "f", "--workers", "1025"], 2),
        (["serve", "--config", "f", "--workers", "1024"], nil), (["serve", "--config", "f"], nil), (["check"], 2),
        (["check", "a", "b"], nil), (["status", "extra"], 2), (["status", "--json"], nil), (["cells", "--admin"], 2),
        (["regions", "--admin", "unix:/x"], nil), (["drain", "use-a"], 2), (["drain", "use-a", "--reason", ""], 2),
        (["drain", "use-a", "--reason", "r"], nil), (["drain", "use-a", "--reason", "r", "--now", "--wait"], nil),
        (["drain", "use-a", "--reason", "r", "--now", "--over", "3s"], 2),
        (["drain", "use-a", "--reason", "r", "--dry-run", "--wait"], 2), (["undrain"], 2), (["undrain", "use-a"], nil),
        (["weight", "use-a", "37"], 2), (["weight", "use-a", "37", "--reason", "r"], nil),
        (["weight", "use-a", "101", "--reason", "r"], 2), (["weight", "use-a", "1.5", "--reason", "r"], 2),
        (["weight", "use-a", "reset", "--reason", "r"], nil),
        (["dial", "us-east", "reset", "--reason", "r", "--expires-in", "2h"], 2), (["drains", "--json"], nil),
        (["explain", "GET"], 2), (["explain", "GET", "/a", "-H", "x-region: eu"], nil),
        (["explain", "GET", "/a", "-H", "x"], 2), (["explain", "GET", "a"], 2),
    ]

    @Test("a command line that is not understood ends with 2, help with 0", arguments: rows)
    func usage(arguments: [String], code: Int32?) {
        let ending = ending(arguments)
        #expect(ending?.code == code)
        if ending?.code == 2 { #expect(ending?.text.contains("\n") == false, "an error is one line") }
    }

    @Test("a failure keeps its code and its words")
    func failures() {
        for code in [CommandFailure.Code.refused, .usage, .unreachable] {
            let ending = Ending(CommandFailure(code, "why"))
            #expect((ending.code, ending.text) == (code.rawValue, "portolan: why"))
        }
        #expect(Ending(ExitCode(1)) == Ending(ExitCode(1)))
        #expect((Ending(ExitCode(1)).code, Ending(ExitCode(1)).text) == (1, ""))
        #expect(Ending(CancellationError()).code == 1)
    }
}
