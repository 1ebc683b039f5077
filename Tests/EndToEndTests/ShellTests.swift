import Foundation
import Testing

/// What a shell and a terminal get of the program: completions, the manual, the live view.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ShellTests {
    private static let python = Programs.find("python3")

    /// A line of shell; `$PORTOLAN` is the program.
    private static func shell(_ line: String, _ environment: [String: String] = [:]) throws -> Command {
        let variables = ["PORTOLAN": Programs.portolan, "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        return try Command.run("bash", ["-c", line], within: 30, environment: variables)
    }

    private static func isInstalled(_ program: String) -> Bool { Programs.find(program).hasPrefix("/") }

    @Test("every shell's completions are made, and it can read them", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let folder = try TemporaryFolder()
        let script = try Command.succeed(Programs.portolan, ["--generate-completion-script", shell])
        #expect(script.output.contains("---completion drain"))
        let file = try folder.write("completion", script.output)
        // The others' syntax is checked where they are.
        guard ShellTests.isInstalled(shell) else { return }
        let said = try Command.run(shell, ["-n", file])
        #expect(said.status == 0, "\(said.errors)")
    }

    @Test func bashOffersTheNamesThatTheEdgeKnows() throws {
        let world = try OperatorTests.World()
        let folder = try TemporaryFolder()
        let script = try Command.succeed(Programs.portolan, ["--generate-completion-script", "bash"])
        let file = try folder.write("completion", script.output)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("portolan"), withDestinationPath: Programs.portolan)
        func offers(_ words: [String]) throws -> Set<String> {
            let line = words.joined(separator: " ")
            let array = words.map { "'\($0)'" }.joined(separator: " ")
            let said = try ShellTests.shell(
                """
                PATH="\(folder.path):$PATH"; source '\(file)'
                COMP_WORDS=(\(array)); COMP_CWORD=\(words.count - 1); COMP_LINE='\(line)'; COMP_POINT=\(line.count)
                _portolan portolan '\(words[words.count - 1])' '\(words[words.count - 2])'
                printf '%s\\n' "${COMPREPLY[@]}"
                """, ["PORTOLAN_ADMIN": "unix:\(world.edge.folder.file("admin.sock"))"])
            return Set(said.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
        }
        #expect(try offers(["portolan", "drain", "us"]) == ["use-a", "use-b", "us-east"])
        #expect(try offers(["portolan", "weight", "use-"]) == ["use-a", "use-b"])
        #expect(try offers(["portolan", "token", "re"]) == ["revoke"])
    }

    @Test func theManualIsThatOfTheCommands() throws {
        let page = Programs.repository + "/packaging/man/portolan.1"
        let made = try ShellTests.shell(
            "\"$PORTOLAN\" --experimental-dump-help | python3 \(Programs.repository)/packaging/man/make.py")
        #expect(made.status == 0, "\(made.errors)")
        let kept = try String(contentsOfFile: page, encoding: .utf8)
        #expect(
            made.output == kept,
            "run: .build/debug/portolan --experimental-dump-help | packaging/man/make.py > packaging/man/portolan.1")
        for (program, arguments) in [
            ("groff", ["-man", "-Tutf8", "-ww", page]), ("mandoc", ["-T", "lint", "-W", "warning", page]),
        ] where ShellTests.isInstalled(program) {
            let said = try Command.run(program, arguments)
            #expect(said.errors.isEmpty && said.status == 0, "\(program): \(said.errors)")
            if program == "mandoc" { #expect(said.output.isEmpty, "\(said.output)") }
        }
    }

    @Test func topPrintsOnePictureIntoAPipe() throws {
        let world = try OperatorTests.World()
        let said = try world.portolan("top")
        #expect(
            said.status == 0 && said.output.contains("  use-a") && !said.output.contains("\u{1B}"), "\(said.errors)")
        #expect(said.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let json = try world.portolan("top", "--json")
        #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
    }

    static let ends: [(step: String, ending: String)] = [
        ("send:q", "status 0"), ("signal:\(SIGTERM)", "status 0"), ("signal:\(SIGINT)", "status 0"),
        ("signal:\(SIGSEGV)", "signal \(SIGSEGV)"),
    ]

    @Test("however top ends, the terminal is as it was", arguments: ends)
    func topGivesTheTerminalBack(step: String, ending: String) throws {
        let world = try OperatorTests.World()
        let said = try Command.run(
            ShellTests.python,
            [
                Programs.scripts + "/terminal.py", "80x24", "expect:use-b", "expect:q quits", "send:\\e[B",
                "expect:> use-a", "resize:132x40", "expect:WEIGHT", step, "--", Programs.portolan, "top", "--interval",
                "0.3", "--admin", "unix:\(world.edge.folder.file("admin.sock"))",
            ], within: 60, environment: ["TERM": "xterm"])
        #expect(said.status == 0 && said.errors.hasSuffix("\(ending), terminal as before\n"), "\(said.errors)")
        let (entered, left) = ("\u{1B}[?1049h", "\u{1B}[?1049l")
        #expect(said.output.contains(entered) && said.output.contains(left) && said.output.contains("\u{1B}[?25h"))
    }

    @Test func waitingForADrainShowsABarOnATerminal() throws {
        let world = try OperatorTests.World(drains: ["sessions: 1s"])
        let said = try Command.run(
            ShellTests.python,
            [
                Programs.scripts + "/terminal.py", "60x24", "expect:Ctrl-C ends the waiting", "expect:] new work at",
                "expect:use-a: drained", "--", Programs.portolan, "drain", "use-a", "--reason", "test", "--over", "2s",
                "--wait", "--admin", "unix:\(world.edge.folder.file("admin.sock"))",
            ], within: 60, environment: ["TERM": "xterm"])
        #expect(said.status == 0 && said.errors.hasSuffix("status 0, terminal as before\n"), "\(said.errors)")
    }
}
