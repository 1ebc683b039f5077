/// A mapping with known keys. Each call names one key, its kind and where it goes; the last reports all other keys.
final class Section {
    let value: Value
    private let entries: [Entry]
    private var known: [String] = []

    init(_ value: Value, _ entries: [Entry]) { (self.value, self.entries) = (value, entries) }

    var reading: Reading { value.reading }

    /// The value of `key`, where the file has one.
    subscript(key: String) -> Value? {
        if !known.contains(key) { known.append(key) }
        return entries.first { $0.name == key }?.value
    }

    /// Names the keys in the order in which they are listed to whoever wrote another one.
    func expect(_ keys: [String]) { known += keys }

    func has(_ key: String) -> Bool { self[key] != nil }

    /// Where the key itself stands; the section's own place where it is absent.
    func place(of key: String) -> Place { entries.first { $0.name == key }?.place ?? value.place }

    /// Leaves `target` as it is where the key is absent or wrong.
    func read<T>(_ key: String, _ kind: Kind<T>, into target: inout T) {
        if let read = self[key]?.read(kind) { target = read }
    }

    func read<T>(_ key: String, _ kind: Kind<T>, into target: inout T?) {
        if let read = self[key]?.read(kind) { target = read }
    }

    func require<T>(_ key: String, _ kind: Kind<T>, into target: inout T) {
        if let value = required(key, right: kind.expected), let read = value.read(kind) { target = read }
    }

    /// The value of `key`; its absence is a problem.
    func required(_ key: String, right: String) -> Value? {
        let value = self[key]
        if value == nil { self.value.report("lacks \"\(key)\"", right: right) }
        return value
    }

    /// A file's path, made absolute; `checkFiles` will look whether it is there.
    func requireFile(_ key: String, holdsSecret: Bool = false, into target: inout String) {
        guard let value = required(key, right: Kind.path(reading).expected) else { return }
        guard let path = value.read(.path(reading)) else { return }
        target = path
        reading.needFile(path, key: value.path, at: value.place, holdsSecret: holdsSecret)
    }

    /// A list of one kind without repetitions; wrong items are left out.
    func readList<T: Hashable>(_ key: String, _ kind: Kind<T>, mayBeEmpty: Bool = false, into target: inout [T]) {
        guard let items = self[key]?.items(right: "a list, each \(kind.expected)", mayBeEmpty: mayBeEmpty) else {
            return
        }
        var seen: Set<T> = []
        target = items.compactMap { item in
            guard let read = item.read(kind) else { return nil }
            if !seen.insert(read).inserted { item.report("repeats an earlier one", right: "each once") }
            return read
        }
    }

    func reportUnknown() {
        for entry in entries where !known.contains(entry.name) {
            let parent = value.path.isEmpty ? "" : " in \(value.path)"
            let right = Suggestion.nearest(to: entry.name, among: known).map { "did you mean \"\($0)\"?" }
            reading.report(
                "unknown key \(Value.quoted(entry.name))\(parent)",
                right: right ?? "known here: \(known.joined(separator: ", "))", at: entry.place)
        }
    }
}
