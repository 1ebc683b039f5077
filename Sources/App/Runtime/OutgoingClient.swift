import AsyncHTTPClient

/// Requests of the control plane's own: to webhooks' receivers, to pages with positions. Redirects are not followed,
/// and nothing is tried twice behind the caller's back. `stop` it at the end.
struct OutgoingClient: Sendable {
    private let client: HTTPClient

    init(connectMilliseconds: Int64, readMilliseconds: Int64) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(
            connect: .milliseconds(connectMilliseconds), read: .milliseconds(readMilliseconds))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(30)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func stop() async { try? await client.shutdown() }

    static func request(_ url: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "user-agent", value: "portolan/\(Version.current)")
        return request
    }

    /// Until the answer's head is there; its body is still to be read.
    func send(_ request: HTTPClientRequest, timeoutMilliseconds: UInt64) async throws -> HTTPClientResponse {
        try await client.execute(request, timeout: .milliseconds(Int64(timeoutMilliseconds)))
    }

    /// `work`, or nil once that time is over: the client's own timeout ends with an answer's head.
    static func within<Value: Sendable>(
        milliseconds: UInt64, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .milliseconds(Int64(milliseconds)))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// What went wrong, on one line.
    static func words(for error: any Error) -> String {
        let fault = ConnectionFault(error)
        // Its words are for whoever runs the command line.
        guard case .distrusted = fault else { return String(fault.words.prefix(200)) }
        return "the TLS handshake failed: " + String("\(error)".prefix { $0 != "\n" }.prefix(170))
    }
}
