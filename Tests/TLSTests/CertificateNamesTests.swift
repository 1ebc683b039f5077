import Testing

@testable import TLS

struct CertificateNamesTests {
    static let names = [
        ["first.test"], ["a.test", "*.a.test"], ["x.a.test"], ["*.a.test", "*.deep.a.test"], ["*.b.test", "a.test"],
    ]
    static let rows: [(String, Int)] = [
        ("first.test", 0), ("a.test", 1), ("A.TEST", 1), ("a.test.", 1), ("y.a.test", 1), ("Y.A.Test", 1),
        ("x.a.test", 2), ("z.deep.a.test", 3), ("q.z.deep.a.test", 0), ("deep.a.test", 1), ("k.b.test", 4),
        ("b.test", 0), (".b.test", 0), ("", 0), (".", 0), ("unknown.test", 0), ("*.a.test", 1), ("127.0.0.1", 0),
    ]
    @Test("exact, else a wildcard one label up, else the first", arguments: rows)
    func chooses(name: String, certificate: Int) {
        let names = CertificateNames(Self.names)
        var bytes = Array(name.utf8)
        #expect(bytes.withUnsafeMutableBufferPointer { names.certificate(for: UnsafeBufferPointer($0)) } == certificate)
    }
}
