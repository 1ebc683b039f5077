import Foundation
import Testing

@testable import Admin

struct ClientCertificateTests {
    /// O=Example, CN=ci runner; DNS:ci.example.com, URI:spiffe://example/ci, IP:10.0.0.1, DNS:*.ci.example.com.
    static let encoded = """
        MIIB6zCCAZGgAwIBAgIUDkci8Rm/4gjoNNMJZUALDBvx5kgwCgYIKoZIzj0EAwIwJjEQMA4GA1UECgwHRXhhbXBsZTESMBAGA1UE\
        AwwJY2kgcnVubmVyMB4XDTI2MTEyMTE2MDA0N1oXDTM2MTExODE2MDA0N1owJjEQMA4GA1UECgwHRXhhbXBsZTESMBAGA1UEAwwJ\
        Y2kgcnVubmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+sS7jKSNTbnBgCPg/tkXogs3sqEHrSsH2zmE+LQcWNR1sNYA4JWs\
        DlH/Ektbu2HmyyJqwKiRxFK6iXE73lFr8qOBnDCBmTAdBgNVHQ4EFgQUA4OlFm87hDqrdlguSdrDCIzaj0swHwYDVR0jBBgwFoAU\
        A4OlFm87hDqrdlguSdrDCIzaj0swDwYDVR0TAQH/BAUwAwEB/zBGBgNVHREEPzA9gg5jaS5leGFtcGxlLmNvbYYTc3BpZmZlOi8v\
        ZXhhbXBsZS9jaYcECgAAAYIQKi5jaS5leGFtcGxlLmNvbTAKBggqhkjOPQQDAgNIADBFAiAmyLzXXoseHSXqxbxXTLoi9GVx8vMv\
        G7WER0hpOBhx9AIhAKatvZq/Q8hH4ns4qMVGi6dfKfOf2fojSkKo+VRYmaN+
        """

    @Test("a certificate's names are its alternative names and its common name; an address is none")
    func names() throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: Self.encoded)))
        let names = ClientCertificate.names(inDER: bytes)
        #expect(names.map(\.text) == ["ci.example.com", "spiffe://example/ci", "*.ci.example.com", "ci runner"])
        #expect(names.map(\.kind) == [.dns, .uri, .dns, .common])
        let asked = ["CI.example.COM", "ci.example.com", "spiffe://example/ci", "ci runner"]
        for name in asked { #expect(names.contains { $0.matches(name) }, "\(name)") }
        for name in ["CI runner", "spiffe://Example/ci", "x.ci.example.com", "10.0.0.1", "Example", ""] {
            #expect(!names.contains { $0.matches(name) }, "\(name)")
        }
    }

    @Test("whatever is cut or changed, reading it ends")
    func broken() throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: Self.encoded)))
        for length in 0..<bytes.count { #expect(ClientCertificate.names(inDER: Array(bytes[..<length])).isEmpty) }
        for place in bytes.indices {
            for value in [0, 0x7F, 0x80, 0x84, 0xFF] as [UInt8] {
                var changed = bytes
                changed[place] = value
                #expect(ClientCertificate.names(inDER: changed).count <= 16)
            }
        }
    }
}
