import Admin
import ArgumentParser
import Foundation

/// Options of every command that asks something of the admin API.
struct AdminOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The admin API: https://HOST:PORT, http://HOST:PORT or unix:PATH. Default: PORTOLAN_ADMIN, else a usual "
                + "socket.", valueName: "URL"))
    var admin: String?
    @Option(
        help: ArgumentHelp("A file that holds the token. Default: PORTOLAN_TOKEN.", valueName: "FILE"),
        completion: .file())
    var tokenFile: String?
    @Option(
        help: ArgumentHelp(
            "The authority of the API's certificate, PEM. Default: PORTOLAN_CACERT, else the system's.",
            valueName: "FILE"),
        completion: .file())
    var cacert: String?
    @Option(help: ArgumentHelp("A client certificate, PEM.", valueName: "FILE"), completion: .file())
    var cert: String?
    @Option(help: ArgumentHelp("Its key, where that is in another file.", valueName: "FILE"), completion: .file())
    var key: String?
    @Flag(help: "Print the API's JSON instead of text for people.")
    var json = false

    /// Runs `work` with a connection to the edge, and closes it.
    func reach<Value>(_ work: (AdminClient) async throws -> Value) async throws -> Value {
        let access = try AdminAccess(self, environment: ProcessInfo.processInfo.environment)
        let transport = try HTTPTransport(access)
        do {
            let value = try await work(AdminClient(location: access.location, transport: transport))
            await transport.close()
            return value
        } catch {
            await transport.close()
            throw error
        }
    }

    /// Prints what is at `path`: as it came, or as `lines` puts it.
    func show<Value: Decodable>(_ path: String, _ lines: (Value, Screen) -> [String]) async throws {
        try await reach { client in try print(try await client.send(.get(path)), client, lines) }
    }

    /// Prints a whole list, which comes in pages.
    /// - Parameter plural: its name in the API.
    func list<Item: Codable & Sendable>(_ plural: String, _ lines: ([Item], Screen) -> [String]) async throws {
        try await reach { client in
            let (items, raw) = try await client.list(Item.self, "/v1/\(plural)")
            if json {
                Terminal.out(json: try raw ?? AdminJSON.encode([plural: items]))
            } else {
                print(lines(items, .current))
            }
        }
    }

    func print<Value: Decodable>(_ data: Data, _ client: AdminClient, _ lines: (Value, Screen) -> [String]) throws {
        if json {
            Terminal.out(json: data)
        } else {
            print(lines(try client.decode(Value.self, data), .current))
        }
    }

    func print(_ lines: [String]) { Terminal.out(lines.joined(separator: "\n")) }
}
