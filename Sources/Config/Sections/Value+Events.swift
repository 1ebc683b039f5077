import Foundation
import Model

extension Value {
    /// `events:` — how long they are kept, and who is told of them.
    func events() -> Configuration.Events {
        var events = Configuration.Events()
        section { section in
            section.read("keep", .duration(hour...90 * day), into: &events.keepMilliseconds)
            events.webhooks = section["webhooks"]?.webhooks() ?? []
        }
        return events
    }

    private func webhooks() -> [Configuration.Webhook] {
        let items = items(right: "a list, each {url: URL, secret: ${NAME}, events: [DRAIN_*]}", mayBeEmpty: true) ?? []
        var urls: [String: Place] = [:]
        return items.compactMap { item in
            var webhook = Configuration.Webhook(url: "", secret: "")
            item.section { section in
                section.require("url", .webhookURL, into: &webhook.url)
                section.require("secret", .webhookSecret, into: &webhook.secret)
                section.readList("events", .eventPattern, into: &webhook.patterns)
                guard let url = section["url"], !webhook.url.isEmpty else { return }
                if let first = urls[webhook.url] {
                    url.report(
                        "is there already, in line \(first.line)",
                        right: "each URL once: what was delivered is remembered by URL")
                } else {
                    urls[webhook.url] = url.place
                }
            }
            return webhook.url.isEmpty ? nil : webhook
        }
    }
}

extension Kind where T == String {
    /// Events may name cells and tenants: over a network they go encrypted.
    fileprivate static var webhookURL: Kind {
        var kind = Kind("an https URL such as https://hooks.example.com/portolan, or http to 127.0.0.1") { text in
            guard text.utf8.count <= 2_048, let url = URLComponents(string: text), let host = url.host, !host.isEmpty,
                !hasControls(text), let scheme = url.scheme, ["http", "https"].contains(scheme)
            else { return .wrong() }
            if url.user != nil || url.password != nil {
                return .wrong(", with a user", right: "none: what is sent is signed with secret")
            }
            if url.fragment != nil { return .wrong(", with a fragment", right: "none: it would not be sent") }
            return scheme == "https" || isLoopback(host)
                ? .value(text) : .wrong(", of plain http beyond loopback", right: "https")
        }
        // A receiver's path is often its password.
        kind.isSecret = true
        return kind
    }

    private static func isLoopback(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return bare.lowercased() == "localhost" || IPAddress(bare)?.isLoopback == true
    }

    fileprivate static var webhookSecret: Kind {
        var kind = Kind("a text of 16 to 256 visible characters, best from the environment: ${HOOK_SECRET}") { text in
            let isVisible = text.utf8.allSatisfy { (33...126).contains($0) }
            return isVisible && (16...256).contains(text.utf8.count) ? .value(text) : .wrong()
        }
        kind.isSecret = true
        return kind
    }

    /// An event's name, or the beginning of one and a star. Must mean at least one that webhooks are told of.
    fileprivate static var eventPattern: Kind {
        Kind("an event such as REGION_UNFIT, or a beginning such as DRAIN_*") { text in
            let names = EventKind.allCases.map(\.rawValue).filter { !EventKind.isAboutWebhooks($0) }
            if names.contains(where: { Configuration.Webhook.pattern(text, matches: $0) }) { return .value(text) }
            if EventKind.isAboutWebhooks(text) {
                return .wrong(", of which webhooks are never told", right: "another: each would make the next")
            }
            let heads = names.flatMap { name in name.split(separator: "_").first.map { ["\($0)_*"] } ?? [] }
            let candidates = text.hasSuffix("*") ? heads : names
            let near = Suggestion.nearest(to: text, among: candidates).map { "did you mean \"\($0)\"?" }
            return .wrong(", which is no event", right: near ?? "one of \(names.joined(separator: ", ")), or *")
        }
    }
}
