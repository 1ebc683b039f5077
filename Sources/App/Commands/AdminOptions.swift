import ArgumentParser
import Foundation

/// Options of every command that reads the admin API.
struct AdminOptions: ParsableArguments {
    @Option(help: "The admin API: http://HOST:PORT or unix:PATH. Default: PORTOLAN_ADMIN, else a usual socket.")
    var admin: String?

    @Flag(help: "Print the API's JSON instead of a table.")
    var json = false

    func client() throws(CommandFailure) -> AdminClient {
        let environment = ProcessInfo.processInfo.environment
        return AdminClient(
            location: try AdminLocation(option: admin, environment: environment), token: environment["PORTOLAN_TOKEN"])
    }

    /// Prints what is at `path`: as it came, or as `lines` puts it.
    func show<Value: Decodable>(_ path: String, _ lines: (Value) -> [String]) async throws {
        let client = try client()
        if json {
            Terminal.out(String(decoding: try await client.get(path), as: UTF8.self))
        } else {
            Terminal.out(lines(try await client.get(Value.self, path)).joined(separator: "\n"))
        }
    }
}
