public import Model

extension SnapshotFixture {
    /// A route as a row: `.route("orders", path: "/orders", methods: [.get])`. What is not said matches everything.
    public struct Route: Sendable {
        public var name: String
        public var host = ""
        public var path = ""
        public var methods: [Method] = []
        public var headers: [(name: String, value: String)] = []
        public var forcesXRegion = false
        public var isStreaming = false
        public var panicIsOpen = true
        public var isIdempotent = false
        public var retries = 1
        public var timeoutMilliseconds: UInt32 = 60_000
        public var sessions = SessionKind.none
        /// Index into `SnapshotFixture.datasets`; -1: none.
        public var dataset = -1
        public var isWriteClass = false
        public var readsLocal = false
        public var retryOn = RetryCause.all
        public var perTryMilliseconds: UInt32 = 0
        public var hedgeMilliseconds: UInt32 = 0

        /// `host` is exact, or `*.example.com`.
        public static func route(
            _ name: String, host: String = "", path: String = "", methods: [Method] = [],
            headers: [(name: String, value: String)] = [], forcesXRegion: Bool = false, panicIsOpen: Bool = true
        ) -> Route {
            Route(
                name: name, host: host, path: path, methods: methods, headers: headers, forcesXRegion: forcesXRegion,
                panicIsOpen: panicIsOpen)
        }

        func entry(_ parts: inout SnapshotParts) -> RouteEntry {
            var entry = RouteEntry()
            entry.name = parts.intern(name)
            entry.hostIsSuffix = host.hasPrefix("*")
            entry.host = parts.intern(entry.hostIsSuffix ? String(host.dropFirst()) : host)
            entry.pathPrefix = parts.intern(path)
            entry.methods = methods.reduce(0) { $0 | $1.bit }
            let start = parts.headerMatches.count
            for header in headers {
                let (name, value) = (parts.intern(header.name), parts.intern(header.value))
                parts.headerMatches.append(HeaderMatch(name: name, value: value))
            }
            entry.headers = TableRange(start: start, count: headers.count)
            (entry.forcesXRegion, entry.panicIsOpen) = (forcesXRegion, panicIsOpen)
            (entry.isStreaming, entry.isIdempotent) = (isStreaming, isIdempotent)
            (entry.sessions, entry.dataset) = (sessions, Int16(dataset))
            (entry.isWriteClass, entry.readsLocal) = (isWriteClass, readsLocal)
            (entry.retries, entry.timeoutMilliseconds) = (UInt8(retries), timeoutMilliseconds)
            (entry.retryOn, entry.perTryMilliseconds, entry.hedgeMilliseconds) = (
                retryOn, perTryMilliseconds, hedgeMilliseconds
            )
            return entry
        }
    }
}
