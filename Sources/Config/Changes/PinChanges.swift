import Model

/// What differs between two lists of pinned tenants. There may be a million: they are counted, and the first are named.
enum PinChanges {
    static func between(_ old: [Configuration.Pin], _ new: [Configuration.Pin]) -> [ConfigurationChange] {
        if old == new { return [] }
        let known = Dictionary(old.map { ($0.tenant, $0) }, uniquingKeysWith: { first, _ in first })
        let left = Set(new.map(\.tenant))
        var (added, moved): ([String], [String]) = ([], [])
        for pin in new {
            guard let earlier = known[pin.tenant] else {
                added.append(pin.tenant)
                continue
            }
            if earlier != pin { moved.append("\(pin.tenant) (\(change(earlier, pin)))") }
        }
        let removed = old.map(\.tenant).filter { !left.contains($0) }
        return [("pinned", added), ("pinned otherwise", moved), ("no longer pinned", removed)].compactMap {
            what, tenants in
            if tenants.isEmpty { return nil }
            return ConfigurationChange(text: "tenants \(what): \(Subject.shortened(tenants))", needsRestart: false)
        }
    }

    private static func change(_ old: Configuration.Pin, _ new: Configuration.Pin) -> String {
        var parts: [String] = []
        if old.home != new.home { parts.append("home \(old.home) → \(new.home)") }
        if old.residency != new.residency {
            parts.append("residency \(old.residency.joined(separator: "+")) → \(new.residency.joined(separator: "+"))")
        }
        return parts.joined(separator: ", ")
    }
}
