import Model
import Testing

@testable import Policy

struct TenantReadingTests {
    static let hosts: [(StaticString, String?)] = [
        ("acme.example.com", "acme"), ("acme.example.com:8443", "acme"), ("ACME.Example.COM", "ACME"),
        ("acme.example.com.", "acme"), ("acme.example.com..:1", "acme"), ("a.b.example.com", "b"),
        ("x.ACME.example.com", "ACME"), ("example.com", nil), (".example.com", nil), ("a..example.com", nil),
        ("acme.example.org", nil), ("acmeexample.com", nil), ("[::1]:80", nil), ("", nil), (":80", nil),
        ("acme.example.com:80:90", "acme"),
    ]
    @Test("the label in front of the suffix", arguments: hosts.indices)
    func readsHosts(index: Int) {
        let (host, expected) = TenantReadingTests.hosts[index]
        let label = TenantReading(certificate: .absent, hostSuffix: ".example.com").label(of: ByteView(host))
        #expect((label.isAbsent ? nil : label.text) == expected)
        #expect(TenantReading(certificate: .absent, hostSuffix: "").label(of: ByteView(host)).isAbsent)
    }

    /// Header, certificate, host; then what comes of them, "-" for a conflict.
    static let rows: [(StaticString?, StaticString?, StaticString, String?)] = [
        (nil, nil, "a.test", nil), ("acme", nil, "a.test", "acme"), (nil, "acme", "a.test", "acme"),
        (nil, nil, "acme.example.com", "acme"), ("acme", "acme", "acme.EXAMPLE.com", "acme"),
        ("acme", "ajax", "a.test", "-"), ("acme", nil, "ajax.example.com", "-"), (nil, "acme", "ajax.example.com", "-"),
        ("acme", "acme", "ajax.example.com", "-"), ("", "acme", "a.test", "acme"), ("Acme", "acme", "a.test", "-"),
    ]
    @Test("all who name somebody must name the same", arguments: rows.indices)
    func agrees(index: Int) {
        let row = TenantReadingTests.rows[index]
        let reading = TenantReading(certificate: row.1.map { ByteView($0) } ?? .absent, hostSuffix: ".example.com")
        var field = TenantField()
        if let value = row.0 { field.add(ByteView(value)) }
        let tenant = reading.tenant(field: field, host: reading.label(of: ByteView(row.2)))
        #expect((tenant.map { $0.isAbsent ? nil : $0.text } ?? "-") == row.3)
    }
}
