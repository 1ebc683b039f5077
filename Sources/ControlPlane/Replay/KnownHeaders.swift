import Model
import Policy

/// What is known of the headers of requests of one route, whose own headers no log keeps: they had what their route
/// asks for. What a route before it asks for they did not have, or that route would have been theirs; the rest nobody
/// knows.
final class KnownHeaders: @unchecked Sendable {
    /// What keyed the route's requests, as `LogLayout.Route.keys`.
    let keys: [String]
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let fields: UnsafeMutableBufferPointer<HeaderFields.Field>
    private let knownCount: Int

    /// What they had for certain.
    var known: HeaderFields { HeaderFields(base: UnsafePointer(fields.baseAddress), count: knownCount) }
    /// With all that they may have had, too.
    var possible: HeaderFields { HeaderFields(base: UnsafePointer(fields.baseAddress), count: fields.count) }
    /// There is nothing that nobody knows.
    var isCertain: Bool { knownCount == fields.count }

    /// - Parameters:
    ///   - route: the requests' route; empty: none matched.
    ///   - former: all routes there were, in their order; `fresh`: those of the replay.
    init(route: String, former: [LogLayout.Route], fresh: [LogLayout.Route]) {
        let place = former.firstIndex { $0.name == route } ?? former.endIndex
        let had = place < former.endIndex ? former[place].headers : []
        keys = place < former.endIndex ? former[place].keys : []
        let passed = former[..<place]
        var open: [LogLayout.Header] = []
        for other in fresh where !other.headers.allSatisfy(had.contains) {
            if passed.contains(where: { $0.name == other.name && $0.headers == other.headers }) { continue }
            open += other.headers.filter { !had.contains($0) && !open.contains($0) }
        }
        let all = had + open
        knownCount = had.count
        bytes = .allocate(capacity: all.reduce(1) { $0 + $1.name.utf8.count + $1.value.utf8.count })
        bytes.initialize(repeating: 0)
        fields = .allocate(capacity: all.count)
        var end = 0
        for (index, header) in all.enumerated() {
            let name = KnownHeaders.put(header.name, into: bytes, at: &end)
            let value = KnownHeaders.put(header.value, into: bytes, at: &end)
            fields.initializeElement(at: index, to: HeaderFields.Field(name: name, value: value))
        }
    }

    deinit {
        bytes.deallocate()
        fields.deallocate()
    }

    private static func put(
        _ text: String, into bytes: UnsafeMutableBufferPointer<UInt8>, at end: inout Int
    ) -> ByteView {
        let start = end
        for byte in text.utf8 {
            bytes[end] = byte
            end += 1
        }
        return ByteView(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<end]))
    }
}
