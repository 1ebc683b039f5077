import Model

/// Which rule a request falls under, by host, path prefix, method and headers.
///
/// Bytes are compared as they came, without decoding or `..` removal: the endpoint gets the same bytes, and a second
/// reading of them here could only differ from its own.
enum RouteStage {
    /// The first route that matches in the configuration's order; `.none` where none does.
    #if !DEBUG  // the compiler checks it where it sees the whole module: in release builds
        @_noAllocation
    #endif
    static func choose(_ facts: RequestFacts, _ snapshot: Snapshot) -> RouteID {
        let host = host(of: facts.authority)
        for index in snapshot.routes.indices where matches(snapshot.routes[index], facts, host, snapshot) {
            return RouteID(rawValue: UInt16(truncatingIfNeeded: index))
        }
        return .none
    }

    static func matches(_ route: RouteEntry, _ facts: RequestFacts, _ host: ByteView, _ snapshot: Snapshot) -> Bool {
        // Not one `&&` chain: its closures would retain the snapshot.
        if route.methods != 0, route.methods & facts.method.bit == 0 { return false }
        if !matches(pathPrefix: snapshot.view(route.pathPrefix), facts.path) { return false }
        if !route.host.isEmpty {
            let name = snapshot.view(route.host)
            if !matches(name, isSuffix: route.hostIsSuffix, host) { return false }
        }
        return matches(route.headers, facts.headers, snapshot)
    }

    /// `/orders` matches `/orders`, `/orders/1` and `/orders?x`, not `/ordersX`; `/orders/` all that begins with it.
    private static func matches(pathPrefix prefix: ByteView, _ path: ByteView) -> Bool {
        if prefix.isEmpty { return true }
        guard path.hasPrefix(prefix) else { return false }
        if path.count == prefix.count || prefix[prefix.count - 1] == UInt8(ascii: "/") { return true }
        let next = path[prefix.count]
        return next == UInt8(ascii: "/") || next == UInt8(ascii: "?")
    }

    /// A suffix begins with the dot of `*.example.com` and wants something in front of it.
    private static func matches(_ name: ByteView, isSuffix: Bool, _ host: ByteView) -> Bool {
        guard isSuffix else { return host.equalsIgnoringCase(lowercase: name) }
        return host.count > name.count && host.dropFirst(host.count - name.count).equalsIgnoringCase(lowercase: name)
    }

    private static func matches(_ wanted: TableRange, _ headers: HeaderFields, _ snapshot: Snapshot) -> Bool {
        for index in wanted.indices {
            let match = snapshot.headerMatches[index]
            if !headers.contains(snapshot.view(match.name), snapshot.view(match.value)) { return false }
        }
        return true
    }

    /// An authority without its port (RFC 3986 §3.2: a colon outside brackets) and without the root's dot.
    static func host(of authority: ByteView) -> ByteView {
        var end = authority.count
        while end > 0, authority[end - 1] &- UInt8(ascii: "0") < 10 { end -= 1 }
        let hasPort = end > 0 && authority[end - 1] == UInt8(ascii: ":")
        let host = authority.prefix(hasPort ? end - 1 : authority.count)
        let hasRoot = host.count > 1 && host[host.count - 1] == UInt8(ascii: ".")
        return hasRoot ? host.prefix(host.count - 1) : host
    }
}
