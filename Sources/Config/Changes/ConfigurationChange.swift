public import Model

/// One thing that a reload changes, in words for the operator who asked for it.
public struct ConfigurationChange: Equatable, Sendable, CustomStringConvertible {
    /// `cell use-a: weight 50 → 30`.
    public let text: String
    /// The admin API's server and the state are opened when the process starts: a configuration that changes one of
    /// these is refused by a reload, whole.
    public let needsRestart: Bool

    public init(text: String, needsRestart: Bool) { (self.text, self.needsRestart) = (text, needsRestart) }

    /// The text, with `(needs a restart)` where that is so.
    public var description: String { needsRestart ? "\(text) (needs a restart)" : text }

    /// What differs, in the order of the file's sections; empty where nothing does.
    public static func between(_ old: Configuration, _ new: Configuration) -> [ConfigurationChange] {
        let (before, after) = (Subject.all(of: old), Subject.all(of: new))
        let (oldNames, newNames) = (Set(before.map(\.name)), Set(after.map(\.name)))
        let known = Dictionary(before.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var changes: [ConfigurationChange] = []
        for subject in after {
            if let earlier = known[subject.name] {
                changes += subject.changes(since: earlier)
            } else if !subject.isPart(ofAny: newNames.subtracting(oldNames)) {
                changes.append(ConfigurationChange(text: "\(subject.name) added", needsRestart: subject.needsRestart))
            }
        }
        for subject in before where !newNames.contains(subject.name) {
            if subject.isPart(ofAny: oldNames.subtracting(newNames)) { continue }
            changes.append(ConfigurationChange(text: "\(subject.name) removed", needsRestart: subject.needsRestart))
        }
        return changes + PinChanges.between(old.tenants.pins, new.tenants.pins)
    }
}
