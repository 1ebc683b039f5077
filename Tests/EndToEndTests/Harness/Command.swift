import Foundation

/// A program that is run to its end.
struct Command {
    let status: Int32
    let output: String
    let errors: String
    let seconds: Double

    /// Runs it; its exit status is the caller's to judge. Throws when it has not ended within `seconds`.
    static func run(
        _ program: String, _ arguments: [String], within seconds: Double = 30, environment: [String: String] = [:]
    ) throws -> Command {
        let folder = try TemporaryFolder()
        let start = Patience.now
        let child = try ChildProcess(program, arguments, name: "command", in: folder, environment: environment)
        defer { child.kill() }
        do {
            let status = try child.wait(within: seconds)
            return Command(
                status: status, output: child.output, errors: child.errors, seconds: Patience.now - start)
        } catch {
            throw HarnessError("\(program) \(arguments.joined(separator: " ")): \(error)\n\(child.errors)")
        }
    }

    /// The same, and its status must be 0.
    @discardableResult
    static func succeed(_ program: String, _ arguments: [String], within seconds: Double = 30) throws -> Command {
        let command = try run(program, arguments, within: seconds)
        guard command.status == 0 else {
            let text = ([program] + arguments).joined(separator: " ")
            throw HarnessError("\(text): status \(command.status)\n\(command.output)\(command.errors)")
        }
        return command
    }
}
