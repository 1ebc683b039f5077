import Model

extension Value {
    /// `match:` — all of what is given must hold.
    func match() -> Configuration.Match {
        var match = Configuration.Match()
        section { section in
            section.read("host", .matchHost, into: &match.host)
            section.read("path_prefix", .requestPath("/orders"), into: &match.pathPrefix)
            section.readList("methods", .method, into: &match.methods)
            if let headers = section["headers"] {
                match.headers = headers.headers(.headerName, mayBeEmpty: true)
            }
        }
        return match
    }

    func headerChanges() -> Configuration.HeaderChanges {
        var changes = Configuration.HeaderChanges()
        section { section in
            if let add = section["add"] { changes.add = add.headers(.changeableHeader, mayBeEmpty: false) }
            section.readList("remove", .changeableHeader, into: &changes.remove)
        }
        return changes
    }

    /// A mapping of header names to values; where `mayBeEmpty`, "" is a value.
    private func headers(_ kind: Kind<String>, mayBeEmpty: Bool) -> [Configuration.Header] {
        var names = Names()
        return (entries(right: "a mapping of header names to values") ?? []).compactMap { entry in
            let value = mayBeEmpty ? Kind.headerValueOrEmpty : Kind.headerValue
            switch kind.parse(entry.name) {
            case .wrong(let what, let right):
                reading.report(
                    "\(path): \(Value.quoted(entry.name))\(what.isEmpty ? " is no header's name" : what)",
                    right: right ?? kind.expected, at: entry.place)
                return nil
            case .value(let name):
                names.take(name, "header", at: entry.place, reading)
                return entry.value.read(value).map { Configuration.Header(name: name, value: $0) }
            }
        }
    }
}

extension Configuration.Match {
    /// Whether every request that `other` takes is taken by this one. When in doubt, not.
    func covers(_ other: Configuration.Match) -> Bool {
        (methods.isEmpty || !other.methods.isEmpty && Set(other.methods).isSubset(of: methods))
            && headers.allSatisfy { mine in
                other.headers.contains { $0.name == mine.name && (mine.value.isEmpty || $0.value == mine.value) }
            } && coversHost(other.host) && coversPath(other.pathPrefix)
    }

    private func coversHost(_ other: String?) -> Bool {
        guard let host else { return true }
        guard let other else { return false }
        return host == other || host.hasPrefix("*.") && other.hasSuffix(host.dropFirst())
    }

    private func coversPath(_ other: String?) -> Bool {
        guard let pathPrefix, pathPrefix != "/" else { return true }
        guard let other else { return false }
        return other == pathPrefix || other.hasPrefix(pathPrefix.hasSuffix("/") ? pathPrefix : pathPrefix + "/")
    }
}

extension Kind where T == String {
    fileprivate static var headerValueOrEmpty: Kind {
        var kind = Kind("a header's value, or \"\" for any") { $0.isEmpty ? .value($0) : headerValue.parse($0) }
        kind.isSecret = true
        return kind
    }
}
