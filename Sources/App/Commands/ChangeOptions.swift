import Admin
import ArgumentParser
import Foundation

/// Options of every command that changes something.
struct ChangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Change nothing unless this generation is in force: what you saw is what you change.",
            valueName: "GENERATION"))
    var ifMatch: UInt64?
    @Option(
        help: ArgumentHelp(
            "Makes the change once, however often it is asked for. Default: a new key for every command.",
            valueName: "KEY"))
    var idempotencyKey: String?
    @OptionGroup var admin: AdminOptions

    func validate() throws {
        guard let idempotencyKey else { return }
        let isVisible = idempotencyKey.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isVisible, 1...128 ~= idempotencyKey.utf8.count else {
            throw ValidationError("--idempotency-key takes 1 to 128 visible ASCII characters")
        }
    }

    func request(_ method: AdminMethod, _ path: String, _ body: Data? = nil) -> AdminRequest {
        AdminRequest(
            method: method, path: path, body: body, ifMatch: ifMatch,
            idempotencyKey: idempotencyKey ?? AdminRequest.key(.random(in: 0 ... .max), .random(in: 0 ... .max)))
    }

    /// Sends a change and prints the answer: as it came, or as `lines` puts it.
    func send<Value: Decodable>(
        _ method: AdminMethod, _ path: String, _ lines: (Value, Screen) -> [String]
    ) async throws {
        try await send(request(method, path), lines)
    }

    func send<Value: Decodable>(
        _ method: AdminMethod, _ path: String, _ body: some Encodable & Sendable, _ lines: (Value, Screen) -> [String]
    ) async throws {
        try await send(request(method, path, try AdminJSON.encode(body)), lines)
    }

    func send<Value: Decodable>(_ request: AdminRequest, _ lines: (Value, Screen) -> [String]) async throws {
        try await admin.reach { client in try admin.print(try await client.send(request), client, lines) }
    }
}
