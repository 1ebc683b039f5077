import Model

/// A part of a configuration that has a name of its own, and its settings as text: what two configurations are
/// compared by.
struct Subject {
    struct Fact: Equatable {
        let name: String
        let text: String
        /// Whether the text must not be printed.
        var isSecret = false
        var needsRestart = false
    }

    /// `cell use-a`, `route orders`; `edge`.
    let name: String
    /// The subject whose coming and going says it of this one too.
    var parent: String?
    /// Whether its coming and going, and the facts stated from here on, take a restart.
    let needsRestart: Bool
    var factsNeedRestart: Bool
    private(set) var facts: [Fact] = []

    init(_ name: String, in parent: String? = nil, needsRestart: Bool = false) {
        (self.name, self.parent) = (name, parent)
        (self.needsRestart, factsNeedRestart) = (needsRestart, needsRestart)
    }

    func isPart(ofAny names: Set<String>) -> Bool { parent.map(names.contains) ?? false }

    func changes(since earlier: Subject) -> [ConfigurationChange] {
        var changes: [ConfigurationChange] = []
        for fact in facts {
            guard let old = earlier.facts.first(where: { $0.name == fact.name }), old != fact else { continue }
            let text = fact.isSecret ? "\(fact.name) changed" : "\(fact.name) \(old.text) → \(fact.text)"
            changes.append(ConfigurationChange(text: "\(name): \(text)", needsRestart: fact.needsRestart))
        }
        return changes
    }

    mutating func state(_ name: String, _ text: String?) {
        facts.append(Fact(name: name, text: text ?? "none", needsRestart: factsNeedRestart))
    }
    mutating func state(_ name: String, _ isOn: Bool) { state(name, isOn ? "on" : "off") }
    mutating func state(_ name: String, _ number: Int) { state(name, "\(number)") }
    mutating func state(_ name: String, milliseconds: UInt64) { state(name, Units.duration(milliseconds)) }
    mutating func state(_ name: String, list: [some CustomStringConvertible]) {
        state(name, list.isEmpty ? "none" : list.map(\.description).joined(separator: ", "))
    }
    mutating func state(secret name: String, _ text: String) {
        facts.append(Fact(name: name, text: text, isSecret: true))
    }
}
