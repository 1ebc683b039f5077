import Admin
import AsyncHTTPClient
import Foundation

/// Reads an edge's admin API, and asks it for changes.
struct AdminClient {
    /// Of an answer; the longest is a list of some thousand cells.
    private static let maxBytes = 16 << 20
    private static let timeoutSeconds: Int64 = 10

    let location: AdminLocation
    let token: String?

    /// The body of a 2xx.
    /// - Throws: unreachable, or what the API refused.
    func get(_ path: String) async throws(CommandFailure) -> Data { try await send(.get, path, nil) }

    /// Sends a change, with a JSON body or without one; the body of its 2xx.
    func send(_ method: AdminMethod, _ path: String, _ body: Data?) async throws(CommandFailure) -> Data {
        if case .socket(let file) = location, !AdminLocation.exists(file) {
            throw unreachable("there is no such socket")
        }
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(2), read: .seconds(AdminClient.timeoutSeconds))
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<(status: UInt, body: Data), any Error>
        do { result = .success(try await exchange(method, path, body, client)) } catch { result = .failure(error) }
        try? await client.shutdown()
        switch result {
        case .failure(let error): throw unreachable(AdminClient.words(for: error))
        case .success((200..<300, let body)): return body
        case .success((let status, let body)):
            let problem = try? AdminJSON.decode(AdminProblem.self, from: body)
            throw CommandFailure(
                .refused, "the admin API at \(location) answered \(status): \(problem?.detail ?? "no reason given")")
        }
    }

    func get<Value: Decodable>(_ type: Value.Type, _ path: String) async throws(CommandFailure) -> Value {
        try decode(type, try await get(path))
    }

    func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws(CommandFailure) -> Value {
        do { return try AdminJSON.decode(type, from: data) } catch {
            throw CommandFailure(
                .refused, "the answer of \(location) is not understood; is it an edge of version \(Version.current)?")
        }
    }

    private func exchange(
        _ method: AdminMethod, _ path: String, _ body: Data?, _ client: HTTPClient
    ) async throws -> (status: UInt, body: Data) {
        var request = HTTPClientRequest(url: location.url(path))
        request.method =
            switch method {
            case .get: .GET
            case .put: .PUT
            case .post: .POST
            case .delete: .DELETE
            }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        request.headers.add(name: "accept", value: "application/json")
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        let response = try await client.execute(request, timeout: .seconds(AdminClient.timeoutSeconds))
        let body = try await response.body.collect(upTo: AdminClient.maxBytes)
        return (response.status.code, Data(body.readableBytesView))
    }

    private func unreachable(_ reason: String) -> CommandFailure {
        CommandFailure(
            .unreachable,
            "no admin API at \(location): \(reason); is `portolan serve` running? --admin names another"
        )
    }

    /// The part of a network error that says something to an operator.
    private static func words(for error: any Error) -> String {
        let text = "\(error)"
        let known = ["Connection refused", "Permission denied", "No such file or directory", "No route to host"]
        if let found = known.first(where: { text.localizedCaseInsensitiveContains($0) }) { return found.lowercased() }
        if let error = error as? HTTPClientError { return error.shortDescription.lowercased() }
        return text.split(separator: "\n").first.map(String.init) ?? "the connection failed"
    }
}
