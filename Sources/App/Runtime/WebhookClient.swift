import AsyncHTTPClient
import ControlPlane

/// Sends webhooks' deliveries. One for the process; `stop` it at the end.
struct WebhookClient: Sendable {
    /// Of an answer: it says nothing that would be kept.
    private static let maxAnswerBytes = 65_536
    private let client = OutgoingClient(connectMilliseconds: 5_000, readMilliseconds: 10_000)

    func deliver(_ delivery: WebhookDelivery) async -> WebhookOutcome {
        var request = OutgoingClient.request(delivery.url)
        request.method = .POST
        for field in delivery.fields { request.headers.add(name: field.name, value: field.value) }
        request.body = .bytes(delivery.body)
        do {
            let response = try await client.send(request, timeoutMilliseconds: WebhookDelivery.timeoutMilliseconds)
            // Read so that the connection can serve again; an answer that is too long costs the connection alone.
            _ = try? await OutgoingClient.within(milliseconds: WebhookDelivery.timeoutMilliseconds) {
                try await response.body.collect(upTo: WebhookClient.maxAnswerBytes)
            }
            let seconds = response.headers.first(name: "retry-after").flatMap { UInt64($0) }
            return .answered(status: Int(response.status.code), retryAfterSeconds: seconds)
        } catch { return .failed(OutgoingClient.words(for: error)) }
    }

    func stop() async { await client.stop() }
}
