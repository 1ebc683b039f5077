public import Model
public import Store

/// One POST to a webhook.
public struct WebhookDelivery: Equatable, Sendable {
    /// Until the whole answer is there.
    public static let timeoutMilliseconds: UInt64 = 10_000

    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String
    }

    public var url: String
    public var fields: [Field]
    public var body: [UInt8]

    /// - Parameters:
    ///   - edge: its name in the configuration.
    ///   - wallNanoseconds: now, since 1970.
    public init(_ event: StoredEvent, to webhook: Configuration.Webhook, edge: String, wallNanoseconds: UInt64) {
        (url, body) = (webhook.url, WebhookDelivery.json(event, edge: edge))
        let signature = WebhookSignature.text(
            secret: webhook.secret, seconds: wallNanoseconds / 1_000_000_000, body: body)
        fields = [
            Field(name: "content-type", value: "application/json"), Field(name: "x-portolan-event", value: event.kind),
            Field(name: "x-portolan-delivery", value: "\(event.number)"),
            Field(name: "x-portolan-signature", value: signature),
        ]
    }

    private static func json(_ event: StoredEvent, edge: String) -> [UInt8] {
        var line = LineBuffer(capacity: 256)
        line.append("{\"number\":")
        line.append(event.number)
        line.append(",\"time\":")
        line.append(quoted: TimestampWriter.text(event.time))
        line.append(",\"generation\":")
        line.append(event.generation)
        line.append(",\"event\":")
        line.append(quoted: event.kind)
        line.append(",\"subject\":")
        line.append(quoted: event.subject)
        line.append(",\"cause\":")
        line.append(quoted: event.cause)
        line.append(",\"edge\":")
        line.append(quoted: edge)
        line.append("}")
        return line.bytes
    }
}
