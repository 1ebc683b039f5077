import Testing

@testable import TLS

struct CertificateSummaryTests {
    static let day: Int64 = 86_400
    static let rows: [(Int64, String?)] = [
        (-1, "dev.crt: the certificate becomes valid in 1 days only; clients refuse it; check the clock"),
        (0, nil), (76 * day, nil), (76 * day + 1, "dev.crt: the certificate expires in 13 days; renew it and reload"),
        (90 * day, "dev.crt: the certificate expires in 0 days; renew it and reload"),
        (92 * day + 1, "dev.crt: the certificate expired 2 days ago; clients refuse it; renew it and reload"),
    ]
    @Test("warns before and after", arguments: rows)
    func warns(at: Int64, text: String?) {
        let summary = CertificateSummary(path: "dev.crt", names: [], validFrom: 0, validUntil: 90 * Self.day)
        #expect(summary.warning(at: at) == text)
    }

    @Test func readsValidityFromTheFile() throws {
        let certificates = Certificates()
        let summary = try ServerContext(certificates.make(["LocalHost", "127.0.0.1", "::1"])).summaries[0]
        #expect(summary.addresses == ["127.0.0.1", "::1"] && summary.subject.hasPrefix("CN="))
        #expect(summary.validUntil - summary.validFrom == 31 * Self.day && summary.names == ["localhost"])
    }
}
