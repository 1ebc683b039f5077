import ArgumentParser
import Testing

@testable import App

struct EndingTests {
    /// How the program would end with that command line.
    private func ending(_ arguments: [String]) -> Ending? {
        do {
            var command = try Portolan.parsed(arguments)
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
        (["cells", "use-a"], nil), (["cell", "use-a"], nil), (["regions", "us-east", "--json"], nil),
        (["drains", "7"], nil), (["drains", "x"], 2), (["events", "-f", "--since", "9", "--subject", "a"], nil),
        (["events", "--limit", "-1"], 2), (["events", "--since", "-1"], 2), (["tenant", "show"], 2),
        (["tenant", "show", "acme"], nil), (["tenant", "pin", "acme", "--home", "eu-west"], 2),
        (["tenant", "pin", "acme", "--home", "eu-west", "--residency", "eu", "--reason", "r"], nil),
        (["tenant", "unpin", "acme"], 2), (["tenant", "list"], nil), (["token"], 2), (["keys"], 2),
        (["token", "create"], 2),
        (["token", "create", "--role", "root"], 2), (["token", "create", "--role", "viewer", "-q"], nil),
        (["token", "create", "--role", "viewer", "-q", "--json"], 2), (["token", "revoke"], 2),
        (["token", "list"], nil),
        (["keys", "rotate"], nil), (["keys", "rotate", "--if-match", "x"], 2), (["owner", "show"], nil),
        (["owner", "show", "orders"], nil), (["audit"], nil), (["audit", "list", "--limit", "0"], 2),
        (["audit", "verify", "--head", "abc"], 2), (["explain", "G T", "/a"], 2), (["explain", "GET", "/a b"], 2),
        (["token", "revoke", "ptl_buY9vB94Ty4L1I2y7yMmsRHVLdoNc7w8Fvq5B6sFwQo"], 2),
        (["token", "revoke", "9e3caed8"], nil), (["audit", "--limit", "5"], nil), (["config", "show"], nil),
        (["config", "check", "--dry-run", "f.yaml"], nil), (["config", "check"], nil), (["config", "reload", "f"], 2),
        (["config", "reload", "--idempotency-key", "a b"], 2), (["top", "--once"], nil),
        (["top", "--interval", "0"], 2),
        (["weight", "use-a", "37", "--reason", "r", "--if-match", "12", "--idempotency-key", "k"], nil),
        (["status", "--token-file", "f", "--cacert", "c", "--cert", "d", "--key", "e"], nil),
    ]

    @Test("a command line that is not understood ends with 2, help with 0", arguments: rows)
    func usage(arguments: [String], code: Int32?) {
        let ending = ending(arguments)
        #expect(ending?.code == code)
        if ending?.code == 2 { #expect(ending?.text.contains("\n") == false, "an error is one line") }
    }

    @Test("who is not understood is told where to read on")
    func pointers() {
        #expect(
            ending(["drain", "use-a"])?.text
                == "portolan: Missing expected argument '--reason <TEXT>'; see `portolan drain --help`")
        #expect(ending(["cells", "--limit", "2"])?.text.hasSuffix("? See `portolan cells --help`") == true)
        #expect(
            ending(["token"])?.text == "portolan: token takes one of create, list, revoke; see `portolan token --help`")
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
