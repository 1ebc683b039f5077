import Model
import Testing

struct ConfigurationEventsTests {
    static let wanted: [(patterns: [String], name: String, isWanted: Bool)] = [
        (["*"], "CELL_UP", true), (["*"], "OF_ANOTHER_VERSION", true), (["*"], "WEBHOOK_STOPPED", false),
        (["WEBHOOK_ABANDONED"], "WEBHOOK_ABANDONED", false), (["DRAIN_*"], "DRAIN_ENDED", true),
        (["DRAIN_*"], "CELL_UP", false), (["CELL_UP", "DRAIN_*"], "CELL_UP", true), (["CELL"], "CELL_UP", false),
        ([], "CELL_UP", false),
    ]

    @Test("which events a webhook is told of", arguments: wanted)
    func wants(patterns: [String], name: String, isWanted: Bool) {
        let webhook = Configuration.Webhook(url: "https://a.example", secret: "s", patterns: patterns)
        #expect(webhook.wants(name) == isWanted)
    }

    static let shown = [
        ("https://a.example", "https://a.example"), ("https://a.example/", "https://a.example"),
        ("https://a.example:8443/T0/secret?x=1", "https://a.example:8443/…"),
        ("https://a.example?key=secret", "https://a.example/…"), ("http://[::1]:80/x", "http://[::1]:80/…"),
    ]

    @Test("a URL's path and query are not shown", arguments: shown)
    func places(url: String, place: String) {
        #expect(Configuration.Webhook(url: url, secret: "s").place == place)
    }

    @Test func onlyEventsAboutWebhooksAreKeptFromThem() {
        let kinds = EventKind.allCases.filter { EventKind.isAboutWebhooks($0.rawValue) }
        #expect(kinds == [.webhookAbandoned, .webhookStopped])
    }
}
