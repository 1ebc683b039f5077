import Model
import Testing

@testable import DataPlane

struct ConnectionTrustTests {
    private func rule(_ ranges: [String], xRegion: Bool, tenant: Bool) throws -> Configuration.Trust {
        var rule = Configuration.Trust()
        rule.from = try ranges.map { try #require(AddressRange($0)) }
        (rule.xRegion, rule.tenant) = (xRegion, tenant)
        return rule
    }

    static let rows: [([String], String?, Bool)] = [
        ([], "10.0.0.1", false), (["10.0.0.0/8"], "10.0.0.1", true), (["10.0.0.0/8"], "11.0.0.1", false),
        (["192.0.2.0/24", "10.0.0.0/8"], "10.0.0.1", true), (["fd00::/8"], "fd00::1", true),
        (["10.0.0.0/8"], nil, true), ([], nil, false),
    ]

    @Test("who is trusted, by address; a Unix socket's clients where anybody is", arguments: rows)
    func judges(ranges: [String], client: String?, isTrusted: Bool) throws {
        let address = try client.map { try #require(IPAddress($0)) }
        let trust = ConnectionTrust(try rule(ranges, xRegion: true, tenant: true), client: address)
        #expect((trust.isTrusted, trust.xRegion, trust.tenant) == (isTrusted, isTrusted, isTrusted))
        let plain = ConnectionTrust(try rule(ranges, xRegion: false, tenant: false), client: address)
        #expect((plain.isTrusted, plain.xRegion, plain.tenant) == (isTrusted, false, false))
    }
}
