import Foundation

/// An authority of the tests and the certificates it signs, made once by openssl and removed at exit.
struct TestCertificates: Sendable {
    struct Pair: Sendable {
        let certificate: String
        let key: String
    }

    static let shared: Result<TestCertificates, HarnessError> = {
        do { return .success(try TestCertificates()) } catch { return .failure(HarnessError("certificates: \(error)")) }
    }()

    private let folder: TemporaryFolder
    let authority: String
    let localhost: Pair
    /// Names that are asked for by SNI.
    let freight: Pair
    let wildcard: Pair

    private init() throws {
        folder = try TemporaryFolder()
        // Statics are never released: the folder would stay.
        TestCertificates.removeAtExit(folder.path)
        authority = folder.file("ca.crt")
        try Command.succeed(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=Portolan test authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout", folder.file("ca.key"), "-out", authority,
            ])
        localhost = try TestCertificates.issue("localhost", ["DNS:localhost", "IP:127.0.0.1"], in: folder, by: folder)
        freight = try TestCertificates.issue("freight", ["DNS:freight.portolan.test"], in: folder, by: folder)
        wildcard = try TestCertificates.issue("wildcard", ["DNS:*.ships.portolan.test"], in: folder, by: folder)
    }

    /// A further certificate of the same authority, written into `target`.
    func issue(_ commonName: String, _ names: [String], in target: TemporaryFolder) throws -> Pair {
        try TestCertificates.issue(commonName, names, in: target, by: folder)
    }

    private static func issue(
        _ commonName: String, _ names: [String], in target: TemporaryFolder, by authority: TemporaryFolder
    ) throws -> Pair {
        let pair = Pair(certificate: target.file("\(commonName).crt"), key: target.file("\(commonName).key"))
        let request = target.file("\(commonName).csr")
        let extensions = try target.write(
            "\(commonName).ext", "subjectAltName = \(names.joined(separator: ","))\nbasicConstraints = CA:FALSE\n")
        try Command.succeed(
            "openssl",
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(commonName)",
                "-keyout", pair.key, "-out", request,
            ])
        try Command.succeed(
            "openssl",
            [
                "x509", "-req", "-in", request, "-CA", authority.file("ca.crt"), "-CAkey", authority.file("ca.key"),
                "-CAcreateserial", "-days", "1", "-extfile", extensions, "-out", pair.certificate,
            ])
        return pair
    }

    nonisolated(unsafe) private static var removed: String?
    private static func removeAtExit(_ path: String) {
        removed = path
        atexit { if let path = TestCertificates.removed { try? FileManager.default.removeItem(atPath: path) } }
    }
}
