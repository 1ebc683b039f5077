import Model

/// A part of a configuration that has a name of its own, and its settings as text: what two configurations are
/// compared by.
struct Subject {
    struct Fact: Equatable {
        enum Content: Equatable {
            case text(String)
            case list([String])
            /// It must not be printed.
            case secret(String)
        }

        let name: String
        let content: Content
    }

    /// Of longer lists only what came and went is told, and of that no more than so many.
    private static let mostListed = 8

    /// `cell use-a`, `route orders`; `edge`.
    let name: String
    /// The subject whose coming and going says it of this one too.
    let parent: String?
    /// Whether its coming and going, and its facts, take a restart.
    let needsRestart: Bool
    private(set) var facts: [Fact] = []

    init(_ name: String, in parent: String? = nil, needsRestart: Bool = false) {
        (self.name, self.parent, self.needsRestart) = (name, parent, needsRestart)
    }

    func isPart(ofAny names: Set<String>) -> Bool { parent.map(names.contains) ?? false }

    func changes(since earlier: Subject) -> [ConfigurationChange] {
        var changes: [ConfigurationChange] = []
        for fact in facts {
            guard let old = earlier.facts.first(where: { $0.name == fact.name }), old != fact else { continue }
            let text = "\(name): \(fact.name) \(Subject.words(old.content, fact.content))"
            changes.append(ConfigurationChange(text: text, needsRestart: needsRestart))
        }
        return changes
    }

    private static func words(_ old: Fact.Content, _ new: Fact.Content) -> String {
        switch (old, new) {
        case (.secret, _), (_, .secret): return "changed"
        case (.list(let old), .list(let new)) where max(old.count, new.count) > mostListed:
            let (before, after) = (Set(old), Set(new))
            let added = new.filter { !before.contains($0) }
            let removed = old.filter { !after.contains($0) }
            let parts = [("added", added), ("removed", removed)].filter { !$0.1.isEmpty }
            return parts.isEmpty ? "in another order" : parts.map { "\($0) \(shortened($1))" }.joined(separator: ", ")
        default: return "\(text(of: old)) → \(text(of: new))"
        }
    }

    /// The first few, and how many more there are.
    static func shortened(_ items: [String]) -> String {
        let shown = items.prefix(mostListed).joined(separator: ", ")
        return items.count > mostListed ? "\(shown) and \(items.count - mostListed) more" : shown
    }

    private static func text(of content: Fact.Content) -> String {
        switch content {
        case .text(let text), .secret(let text): text
        case .list(let items): items.isEmpty ? "none" : items.joined(separator: ", ")
        }
    }

    mutating func state(_ name: String, _ text: String?) {
        facts.append(Fact(name: name, content: .text(text ?? "none")))
    }
    mutating func state(_ name: String, _ isOn: Bool) { state(name, isOn ? "on" : "off") }
    mutating func state(_ name: String, _ number: Int) { state(name, "\(number)") }
    mutating func state(_ name: String, milliseconds: UInt64) { state(name, Units.duration(milliseconds)) }
    mutating func state(_ name: String, list: [some CustomStringConvertible]) {
        facts.append(Fact(name: name, content: .list(list.map(\.description))))
    }
    mutating func state(secret name: String, _ text: String) {
        facts.append(Fact(name: name, content: .secret(text)))
    }
}
