import ControlPlane
import Testing

struct WebhookSignatureTests {
    /// Made by another program: `printf '1700000000.{"number":7}' | openssl dgst -sha256 -hmac SECRET`.
    @Test func isWhatOpenSSLMakes() {
        let said = WebhookSignature.text(
            secret: "a secret of 26 characters!", seconds: 1_700_000_000, body: Array(#"{"number":7}"#.utf8))
        #expect(said == "t=1700000000,v1=0e9c527c24a88211c4c99c7ebc26fc620c43f393e375a99f8b0eb3a1c40a2a11")
    }

    @Test func changesWithEverything() {
        let all = [("s", 1, "b"), ("t", 1, "b"), ("s", 2, "b"), ("s", 1, "c"), ("s", 1, ".b"), ("s", 11, "")].map {
            WebhookSignature.text(secret: $0.0, seconds: UInt64($0.1), body: Array($0.2.utf8)).suffix(64)
        }
        #expect(Set(all).count == all.count)
    }
}
