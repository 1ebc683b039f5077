import HTTP2
import Model
import Testing

@testable import DataPlane

struct TenantReadingTests {
    let pool = HeaderBlockPool()

    static let hosts: [(String, String?)] = [
        ("acme.example.com", "acme"), ("acme.example.com:8443", "acme"), ("ACME.Example.COM", "acme"),
        ("acme.example.com.", "acme"), ("acme.example.com..:1", "acme"), ("a.b.example.com", "b"),
        ("x.ACME.example.com", "acme"), ("example.com", nil), (".example.com", nil), ("a..example.com", nil),
        ("acme.example.org", nil), ("acmeexample.com", nil), ("[::1]:80", nil), ("", nil), (":80", nil),
        ("acme.example.com:80:90", "acme"),
    ]
    @Test("the label in front of the suffix", arguments: hosts)
    func readsHosts(host: String, expected: String?) {
        let text = OwnedText(host)
        let label = TenantReading.label(of: text.view, ".example.com", pool.take())
        #expect((label.isAbsent ? nil : label.text) == expected)
    }

    /// Header, certificate, host; then what comes of them, "-" for a conflict.
    static let rows: [(String?, String?, String, String?)] = [
        (nil, nil, "a.test", nil), ("acme", nil, "a.test", "acme"), (nil, "acme", "a.test", "acme"),
        (nil, nil, "acme.example.com", "acme"), ("acme", "acme", "ACME.example.com", "acme"),
        ("acme", "ajax", "a.test", "-"), ("acme", nil, "ajax.example.com", "-"), (nil, "acme", "ajax.example.com", "-"),
        ("acme", "acme", "ajax.example.com", "-"), ("", "acme", "a.test", "acme"), ("Acme", "acme", "a.test", "-"),
    ]
    @Test("all who name somebody must name the same", arguments: rows)
    func agrees(row: (field: String?, certificate: String?, host: String, expected: String?)) {
        let texts = [row.field, row.certificate].map { $0.map { OwnedText($0) } }
        let host = OwnedText(row.host)
        let reading = TenantReading(certificate: texts[1]?.view ?? .absent, hostSuffix: ".example.com")
        let tenant = reading.tenant(field: texts[0]?.view ?? .absent, authority: host.view, pool.take())
        #expect((tenant.map { $0.isAbsent ? nil : $0.text } ?? "-") == row.expected)
        withExtendedLifetime((texts, host)) {}
    }
}
