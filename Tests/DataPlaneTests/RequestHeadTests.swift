import HTTP2
import Model
import Testing

@testable import DataPlane

struct RequestHeadTests {
    let pool = HeaderBlockPool()
    static let get = [":method=GET", ":scheme=https", ":path=/", ":authority=a.example"]
    static let trusted = trust(xRegion: true)

    static func trust(xRegion: Bool) -> ConnectionTrust {
        var trust = ConnectionTrust()
        (trust.isTrusted, trust.xRegion) = (true, xRegion)
        return trust
    }

    private func rewrite(
        _ fields: [String], _ trust: ConnectionTrust = ConnectionTrust()
    ) -> (fields: [String], facts: RequestHead.Facts) {
        let block = pool.take()
        for field in fields {
            let cut = field.firstIndex(of: "=") ?? field.endIndex
            let (name, value) = (Array(field[..<cut].utf8), Array(field[cut...].dropFirst().utf8))
            name.withUnsafeBytes { name in
                value.withUnsafeBytes { block.append(copyingName: ByteView(name), copying: ByteView($0)) }
            }
        }
        let head = RequestHead(
            trust: trust, client: "192.0.2.7", scheme: "https", via: "2.0 edge-1 (portolan)", edgeName: "2.0 edge-1",
            tenantHeader: "x-tenant-id")
        let facts = head.rewrite(block, identity: RequestIdentity(high: 1, low: 2))
        return ((0..<block.count).map { "\(block.name($0).text)=\(block.value($0).text)" }, facts)
    }

    /// Without what is new with every request.
    private func passed(_ fields: [String], _ trust: ConnectionTrust = ConnectionTrust()) -> [String] {
        rewrite(fields, trust).fields.filter { !$0.hasPrefix("x-request-id=") && !$0.hasPrefix("traceparent=") }
    }

    @Test("says who forwarded a request")
    func addsForwarding() {
        let fields = rewrite(RequestHeadTests.get).fields
        #expect(fields.prefix(4) == RequestHeadTests.get[...])
        #expect(
            fields.dropFirst(4).map { $0.prefix { $0 != "=" } } == [
                "via", "x-forwarded-for", "x-forwarded-proto", "x-request-id", "traceparent",
            ])
        #expect(fields[4...6] == ["via=2.0 edge-1 (portolan)", "x-forwarded-for=192.0.2.7", "x-forwarded-proto=https"])
    }

    @Test("everything else keeps order, duplicates and bytes")
    func keepsTheRest() {
        let more = ["a=1", "b=", "a=2", "cookie=x=y", "cookie=z", "te=trailers", "priority=u=1", "expect=100-continue"]
        #expect(passed(RequestHeadTests.get + more)[4..<12] == more[...])
    }

    static let removals: [(String, Bool, Bool)] = [
        // Field, kept of a stranger, kept of somebody trusted.
        ("x-portolan-cell=use-a", false, false), ("x-portolan-anything=1", false, false),
        ("x-region=eu-west", false, true), ("forwarded=for=10.0.0.1", false, true),
        ("x-forwarded-host=b.example", false, true), ("x-forwarded-proto=http", false, true),
        ("x-request-id=abc", false, true), ("traceparent=00-1-2-01", false, true),
        ("tracestate=a=1", true, true), ("x-forwarded-other=1", true, true), ("authorization=Bearer a", true, true),
    ]

    @Test("removes what its sender may not say", arguments: removals)
    func removes(field: String, ofStrangers: Bool, ofTrusted: Bool) {
        #expect(rewrite(RequestHeadTests.get + [field]).fields.contains(field) == ofStrangers)
        #expect(rewrite(RequestHeadTests.get + [field], RequestHeadTests.trusted).fields.contains(field) == ofTrusted)
    }

    @Test("of two removed fields in a row both go")
    func removesNeighbours() {
        let fields = RequestHeadTests.get + ["x-portolan-a=1", "x-portolan-b=2", "forwarded=x", "x-region=eu", "a=1"]
        #expect(passed(fields)[4] == "a=1")
    }

    @Test("a trusted proxy's fields are continued where they stand")
    func continues() {
        let more = ["x-forwarded-for=198.51.100.1", "via=1.1 a", "x-forwarded-proto=http", "x-request-id=abc", "a=1"]
        let fields = rewrite(RequestHeadTests.get + more, RequestHeadTests.trusted).fields
        #expect(
            fields[4...8] == [
                "x-forwarded-for=198.51.100.1, 192.0.2.7", "via=1.1 a, 2.0 edge-1 (portolan)", "x-forwarded-proto=http",
                "x-request-id=abc", "a=1",
            ])
        #expect(fields.count == 10 && fields[9].hasPrefix("traceparent="))
    }

    @Test("a stranger's list of addresses is not believed, not even in part")
    func doesNotContinueStrangers() {
        let fields = passed(RequestHeadTests.get + ["x-forwarded-for=198.51.100.1"])
        #expect(fields.filter { $0.hasPrefix("x-forwarded-for") } == ["x-forwarded-for=192.0.2.7"])
    }

    static let hosts: [([String], String, Bool)] = [
        ([":authority=a.example"], "a.example", false),
        ([":authority=a.example", "host=b.example"], "a.example", false),
        (["host=b.example"], "b.example", true), (["host=b.example", "via=1.1 x", "a=1"], "b.example", true),
    ]

    @Test("host beside an authority is dropped, alone it stays", arguments: hosts)
    func hostAndAuthority(fields: [String], authority: String, keepsHost: Bool) {
        let head = [":method=GET", ":scheme=https", ":path=/"] + fields
        let (passed, facts) = rewrite(head)
        #expect(facts.authority.text == authority)
        #expect(passed.contains { $0.hasPrefix("host=") } == keepsHost)
    }

    @Test("dropping host does not mix up the fields behind it")
    func hostBeforeOthers() {
        let more = ["host=b", "via=1.1 x", "x-forwarded-for=10.0.0.1", "x-request-id=abc", "a=1"]
        let fields = rewrite(RequestHeadTests.get + more, RequestHeadTests.trusted).fields
        #expect(
            fields[4...7] == [
                "via=1.1 x, 2.0 edge-1 (portolan)", "x-forwarded-for=10.0.0.1, 192.0.2.7", "x-request-id=abc", "a=1",
            ])
    }

    static let loops: [([String], Bool)] = [
        ([], false), (["via=1.1 proxy"], false), (["via=2.0 edge-2 (portolan)"], false),
        (["via=2.0 edge-2 (portolan), 2.0 edge-3 (portolan)"], false),
        (["via=2.0 edge-2 (portolan), 2.0 edge-3 (portolan), 2.0 edge-4 (portolan)"], true),
        (["via=2.0 edge-1 (portolan)"], true), (["via=1.1 x, 2.0 edge-1 (portolan), 1.1 y"], true),
        (["via=2.0 edge-1 (portolan) , 1.1 y"], true),
        (["via=2.0 edge-2 (portolan)", "via=2.0 edge-1 (portolan)"], true),
        (["via=2.0 edge-10 (portolan)"], false), (["via=2.0 edge-1 (somebody)"], false), (["via=2.0 edge-1"], false),
        (["via=, ,"], false), (["via="], false),
        (["via=2.0 a (portolan)", "via=2.0 b (portolan)", "via=2.0 c (portolan)"], true),
    ]

    @Test("a request that came by here, or by too many of us, is a loop", arguments: loops)
    func findsLoops(fields: [String], isLoop: Bool) {
        #expect(rewrite(RequestHeadTests.get + fields).facts.isLoop == isLoop)
    }

    static let facts: [([String], Method, Bool, Bool)] = [
        (get, .get, false, false), ([":method=POST", "content-type=application/grpc"], .post, true, false),
        ([":method=POST", "content-type=application/grpc+proto"], .post, true, false),
        ([":method=POST", "content-type=application/json"], .post, false, false),
        ([":method=CONNECT", ":authority=a:1"], .connect, false, true), ([":method=PURGE"], .other, false, false),
    ]

    @Test("knows what it needs of a head", arguments: facts)
    func knows(fields: [String], method: Method, isGRPC: Bool, isUnsupported: Bool) {
        let facts = rewrite(fields).facts
        #expect((facts.method, facts.isGRPC, facts.isUnsupported) == (method, isGRPC, isUnsupported))
    }

    @Test("tells when x-region was taken away, and hands it on when it may be said")
    func regions() {
        let fields = RequestHeadTests.get + ["x-region=eu-west"]
        let (refused, believed) = (rewrite(fields).facts, rewrite(fields, RequestHeadTests.trusted).facts)
        #expect(refused.removedXRegion && refused.xRegion.isAbsent)
        #expect(!believed.removedXRegion && believed.xRegion.text == "eu-west")
        let half = rewrite(fields, RequestHeadTests.trust(xRegion: false)).facts
        #expect(half.removedXRegion && half.xRegion.isAbsent)
        #expect(!rewrite(RequestHeadTests.get).facts.removedXRegion)
    }
}
