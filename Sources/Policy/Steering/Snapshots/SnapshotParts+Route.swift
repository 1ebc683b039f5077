import Model

/// A route of the configuration as a decision sees it.
extension SnapshotParts {
    mutating func entry(_ route: Configuration.Route, _ configuration: Configuration) -> RouteEntry {
        var entry = RouteEntry()
        entry.name = intern(route.name)
        addMatch(route.match, to: &entry)
        entry.forcesXRegion = route.onXRegion == .force
        entry.isStreaming = route.isStreaming
        entry.panicIsOpen = route.panic == .open
        entry.isIdempotent = route.isIdempotent
        entry.retries = UInt8(clamping: route.retries)
        entry.retryOn = route.retryOn.reduce(0) { $0 | $1.bit }
        entry.timeoutMilliseconds = UInt32(clamping: route.timeoutMilliseconds)
        entry.perTryMilliseconds = UInt32(clamping: route.perTryTimeoutMilliseconds ?? 0)
        entry.hedgeMilliseconds = UInt32(clamping: route.hedgeAfterMilliseconds ?? 0)
        entry.sessions =
            switch route.sticky {
            case nil: .none
            case .producer: .producer
            case .token: .token
            case .cookie: .cookie
            }
        if let header = route.hashByHeader { entry.hashBy = intern(header.lowercased()) }
        let dataset = route.dataset.flatMap { name in configuration.datasets.firstIndex { $0.name == name } }
        entry.dataset = dataset.map { Int16(clamping: $0) } ?? -1
        entry.isWriteClass = route.routeClass == .write
        entry.readsLocal = route.readsLocal
        entry.addsIdempotencyKey = route.addsIdempotencyKey
        entry.headerChanges.requestAdd = changes(adding: route.requestHeaders.add)
        entry.headerChanges.requestRemove = changes(removing: route.requestHeaders.remove)
        entry.headerChanges.responseAdd = changes(adding: route.responseHeaders.add)
        entry.headerChanges.responseRemove = changes(removing: route.responseHeaders.remove)
        return entry
    }

    private mutating func addMatch(_ match: Configuration.Match, to entry: inout RouteEntry) {
        let host = (match.host ?? "").lowercased()
        entry.hostIsSuffix = host.hasPrefix("*.")
        entry.host = intern(entry.hostIsSuffix ? String(host.dropFirst()) : host)
        entry.pathPrefix = intern(match.pathPrefix ?? "")
        entry.methods = match.methods.reduce(0) { $0 | SnapshotParts.bit(ofMethod: $1) }
        let first = headerMatches.count
        for header in match.headers {
            let (name, value) = (intern(header.name.lowercased()), intern(header.value))
            headerMatches.append(HeaderMatch(name: name, value: value))
        }
        entry.headers = TableRange(start: first, count: headerMatches.count - first)
    }

    private mutating func changes(adding headers: [Configuration.Header]) -> TableRange {
        let first = headerChanges.count
        for header in headers {
            let (name, value) = (intern(header.name.lowercased()), intern(header.value))
            headerChanges.append(HeaderMatch(name: name, value: value))
        }
        return TableRange(start: first, count: headerChanges.count - first)
    }

    private mutating func changes(removing names: [String]) -> TableRange {
        changes(adding: names.map { Configuration.Header(name: $0, value: "") })
    }

    private static func bit(ofMethod token: String) -> UInt16 {
        Array(token.utf8).withUnsafeBytes { Method(ByteView($0)).bit }
    }
}
