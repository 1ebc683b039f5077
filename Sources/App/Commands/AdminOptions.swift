import Admin
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

    /// Sends a change and prints the answer: as it came, or as `lines` puts it.
    func send<Value: Decodable>(
        _ method: AdminMethod, _ path: String, _ body: (some Encodable & Sendable)?, _ lines: (Value) -> [String]
    ) async throws {
        let client = try client()
        let data = try await client.send(method, path, try body.map { try AdminJSON.encode($0) })
        if json {
            Terminal.out(String(decoding: data, as: UTF8.self))
        } else {
            Terminal.out(lines(try client.decode(Value.self, data)).joined(separator: "\n"))
        }
    }

    /// A name as a part of a path, or a value of a query.
    static func escaped(_ name: String) -> String {
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))  // RFC 3986 §2.3
        return name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? name
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
