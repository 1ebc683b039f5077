import Model
import Support
import Testing

@testable import ControlPlane

struct SecretDigestTests {
    /// FIPS 180-4's own example.
    @Test func isSHA256() {
        let hex = HexText.lowercase(SecretDigest(of: "abc").bytes)
        #expect(hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    /// A single bit more or less is another digest, and each is found where it stands.
    @Test func findsItsPlaceAlone() {
        let digests = (0..<200).map { SecretDigest(of: "\($0)") }
        for (index, digest) in digests.enumerated() { #expect(digest.place(in: digests) == index) }
        #expect(SecretDigest(of: "200").place(in: digests) == -1)
        #expect(SecretDigest(of: "0").place(in: []) == -1)
        for bit in 0..<256 {
            var bytes = digests[7].bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(SecretDigest(bytes: bytes).place(in: digests) == -1)
        }
    }

    @Test func aDamagedRecordIsNobodys() {
        let damaged = [[], [1, 2], [UInt8](repeating: 0, count: 33)].map(SecretDigest.init(bytes:))
        #expect(SecretDigest(of: "").place(in: damaged) == -1)
    }
}
