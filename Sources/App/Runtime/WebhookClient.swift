import AsyncHTTPClient
import ControlPlane
import Foundation

/// Sends webhooks' deliveries. One for the process; `stop` it at the end.
struct WebhookClient: Sendable {
    /// Of an answer: it says nothing that would be kept.
    private static let maxAnswerBytes = 65_536
    private let client: HTTPClient

    init() {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(30)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func deliver(_ delivery: WebhookDelivery) async -> WebhookOutcome {
        var request = HTTPClientRequest(url: delivery.url)
        request.method = .POST
        for field in delivery.fields { request.headers.add(name: field.name, value: field.value) }
        request.headers.add(name: "user-agent", value: "portolan/\(Version.current)")
        request.body = .bytes(delivery.body)
        do {
            let timeout = Int64(WebhookDelivery.timeoutMilliseconds)
            let response = try await client.execute(request, timeout: .milliseconds(timeout))
            // Read so that the connection can serve again; an answer that is too long costs the connection alone.
            await WebhookClient.read(response.body)
            let seconds = response.headers.first(name: "retry-after").flatMap { UInt64($0) }
            return .answered(status: Int(response.status.code), retryAfterSeconds: seconds)
        } catch { return .failed(WebhookClient.words(for: error)) }
    }

    /// To its end, or as long as one may be waited for: the client's own timeout ends with the head.
    private static func read(_ body: HTTPClientResponse.Body) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await body.collect(upTo: maxAnswerBytes) }
            group.addTask { try? await Task.sleep(for: .milliseconds(Int64(WebhookDelivery.timeoutMilliseconds))) }
            await group.next()
            group.cancelAll()
        }
    }

    func stop() async { try? await client.shutdown() }

    private static func words(for error: any Error) -> String {
        let text = (error as? HTTPClientError)?.shortDescription.lowercased() ?? "\(error)"
        return String(text.prefix { $0 != "\n" }.prefix(200))
    }
}
