import HTTP2
import Model
import Support
import Testing

@testable import DataPlane

struct SessionCookieTests {
    /// (field, what stays: nil when the field goes, the token found).
    static let rows: [(String, String?, String?)] = [
        ("a=1", "a=1", nil),
        ("", "", nil),
        ("__Host-portolan=t", nil, "t"),
        ("__Host-portolan=", nil, ""),
        ("a=1; __Host-portolan=t", "a=1", "t"),
        ("__Host-portolan=t; a=1", "a=1", "t"),
        ("a=1; __Host-portolan=t; b=\"2\";c", "a=1; b=\"2\";c", "t"),
        ("a=1;__Host-portolan=t;b=2", "a=1;b=2", "t"),
        ("a=1;  __Host-portolan=t ;  b=2", "a=1;  b=2", "t"),
        ("__Host-portolan=t; __Host-portolan=u", nil, "t"),
        ("x__Host-portolan=t; __Host-portolanx=u", "x__Host-portolan=t; __Host-portolanx=u", nil),
        ("a=__Host-portolan=t", "a=__Host-portolan=t", nil),
        ("__host-portolan=t", "__host-portolan=t", nil),
        ("a=1; b=;; __Host-portolan=t;", "a=1; b=;", "t"),
    ]

    @Test("takes its own pair out and leaves the others byte for byte", arguments: rows)
    func takes(field: String, stays: String?, token: String?) {
        let blocks = HeaderBlockPool()
        let block = blocks.take()
        defer { blocks.give(back: block) }
        Array(field.utf8).withUnsafeBytes { block.append("cookie", .cookie, copying: ByteView($0)) }
        var found = ByteView.absent
        let isEmpty = SessionCookie.take(from: block, at: 0, &found)
        #expect(isEmpty == (stays == nil))
        if let stays { #expect(block.value(0).text == stays) }
        #expect((found.isAbsent ? nil : found.text) == token)
    }

    @Test func takesWhateverStandsThere() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let pieces = ["__Host-portolan=", "t", ";", " ", "=", "a", "\t", "__Host-", ";;"]
        for round in 0..<3_000 {
            let text = (0..<Int(random.next(below: 12))).map { _ in pieces[Int(random.next(below: 9))] }.joined()
            let blocks = HeaderBlockPool()
            let block = blocks.take()
            defer { blocks.give(back: block) }
            Array(text.utf8).withUnsafeBytes { block.append("cookie", .cookie, copying: ByteView($0)) }
            var (found, again) = (ByteView.absent, ByteView.absent)
            if SessionCookie.take(from: block, at: 0, &found) { continue }
            try #require(!SessionCookie.take(from: block, at: 0, &again), "“\(text)”, \(round), seed \(random.seed)")
            try #require(again.isAbsent, "“\(text)” kept a token, \(round), seed \(random.seed)")
        }
    }
}
