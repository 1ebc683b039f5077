/// `${NAME}` in values. `$${` stands for `${`; any other `$` for itself. What was put in is not looked at again.
enum EnvironmentText {
    enum Outcome: Equatable {
        case text(String)
        case undefined(String)
        case malformed
    }

    static func expand(_ text: String, _ environment: [String: String]) -> Outcome {
        guard text.contains("${") else { return .text(text) }
        var (rest, done) = (text[...], "")
        while let dollar = rest.firstIndex(of: "$") {
            done += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                done += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}"), isName(rest[..<end].dropFirst(2)) else { return .malformed }
                let name = String(rest[..<end].dropFirst(2))
                guard let value = environment[name] else { return .undefined(name) }
                done += value
                rest = rest[rest.index(after: end)...]
            } else {
                done += "$"
                rest = rest.dropFirst()
            }
        }
        return .text(done + rest)
    }

    /// As a shell takes it: letters, digits, `_`, not beginning with a digit.
    private static func isName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { (97...122).contains($0 | 0x20) || (48...57).contains($0) || $0 == 95 }
    }
}
