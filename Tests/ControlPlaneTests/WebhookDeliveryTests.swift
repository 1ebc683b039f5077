import Foundation
import Model
import Store
import Testing

@testable import ControlPlane

struct WebhookDeliveryTests {
    @Test func saysAllOfAnEvent() throws {
        let event = StoredEvent(
            number: 12, time: 1_709_210_096_123_456_789, generation: 7, kind: "CELL_DOWN", subject: "use-a",
            cause: "0 of \"2\"\n↯")
        let webhook = Configuration.Webhook(url: "https://a.example/x?y", secret: "0123456789abcdef")
        let delivery = WebhookDelivery(event, to: webhook, edge: "edge-1", wallNanoseconds: 1_709_210_100_999_999_999)
        #expect(delivery.url == webhook.url)
        let body = try #require(try JSONSerialization.jsonObject(with: Data(delivery.body)) as? [String: Any])
        #expect(body.keys.sorted() == ["cause", "edge", "event", "generation", "number", "subject", "time"])
        #expect(body["number"] as? Int == 12 && body["generation"] as? Int == 7 && body["edge"] as? String == "edge-1")
        #expect(body["time"] as? String == "2024-02-29T12:34:56.123456Z" && body["cause"] as? String == event.cause)
        let fields = Dictionary(uniqueKeysWithValues: delivery.fields.map { ($0.name, $0.value) })
        #expect(fields["x-portolan-event"] == "CELL_DOWN" && fields["x-portolan-delivery"] == "12")
        #expect(fields["content-type"] == "application/json" && fields.count == 4)
        let signature = WebhookSignature.text(secret: webhook.secret, seconds: 1_709_210_100, body: delivery.body)
        #expect(fields["x-portolan-signature"] == signature)
    }
}
