import Model
import Testing
import Wire

struct HeaderTokenTests {
    static let known: [(String, HeaderToken)] = [
        (":method", .method), (":scheme", .scheme), (":authority", .authority), (":path", .path),
        (":status", .status), (":protocol", .protocol), ("host", .host), ("content-length", .contentLength),
        ("content-type", .contentType), ("te", .te), ("expect", .expect), ("via", .via), ("forwarded", .forwarded),
        ("x-forwarded-for", .forwardedFor), ("x-forwarded-proto", .forwardedProto),
        ("x-forwarded-host", .forwardedHost), ("x-request-id", .requestID), ("traceparent", .traceparent),
        ("x-region", .xRegion), ("priority", .priority), ("x-portolan-cell", .portolan),
        ("x-portolan-a", .portolan), ("x-portolan-reasons", .portolan),
        ("x-portolan-something-rather-long-and-unknown", .portolan),
    ]

    private func token(_ name: String) -> HeaderToken { Array(name.utf8).withUnsafeBytes { HeaderToken(ByteView($0)) } }

    @Test("knows the names that mean something to the edge", arguments: known)
    func knows(name: String, expected: HeaderToken) { #expect(token(name) == expected) }

    @Test("no name is known by its length or its beginning alone")
    func knowsNothingElse() {
        for (name, token) in HeaderTokenTests.known {
            for index in name.utf8.indices {
                var bytes = Array(name.utf8)
                bytes[name.utf8.distance(from: name.startIndex, to: index)] ^= 1
                let isStillOurs = token == .portolan && bytes.starts(with: Array("x-portolan-".utf8))
                let found = bytes.withUnsafeBytes { HeaderToken(ByteView($0)) }
                #expect(found == (isStillOurs ? .portolan : .other), "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    @Test("names it does not know", arguments: ["", "a", "accept", "x-portolan", "x-portolan-", "X-Region", "cookies"])
    func others(name: String) { #expect(token(name) == .other) }

    @Test("the table above misses none")
    func isComplete() {
        let tokens = Set(HeaderTokenTests.known.map(\.1.rawValue))
        #expect(tokens == Set(1...HeaderToken.portolan.rawValue))
    }
}
