import Foundation
import Testing

@testable import TLS

struct DevelopmentCertificateTests {
    let certificates = Certificates()

    @Test func keepsTheKeyToItsOwner() throws {
        let made = try certificates.make(["localhost"])
        _ = try certificates.make(["localhost"])
        let modes = try [made.keyPath, made.certificatePath, made.authorityPath].map { path in
            try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
        #expect(modes[0] == 0o600 && modes[1] & 0o400 != 0 && modes[2] & 0o400 != 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: certificates.folder)
        #expect(Set(left) == ["ca.crt", "dev.crt", "dev.key"], "nothing half-written stays")
    }

    @Test("names that would say more than a name", arguments: [[], ["a,DNS:b"], ["a b"], [""], ["ok.test", "x\n"]])
    func refusesNames(names: [String]) throws {
        let error = #expect(throws: TLSError.self) { try certificates.make(names) }
        #expect(error?.reason == .serverNameInvalid)
    }

    @Test func namesTheFolderItCannotWriteTo() throws {
        let error = #expect(throws: TLSError.self) {
            try DevelopmentCertificate.make(names: ["localhost"], in: "/proc/nowhere")
        }
        #expect(error?.reason == .fileUnwritable && error?.text.hasPrefix("/proc/nowhere") == true)
    }
}
