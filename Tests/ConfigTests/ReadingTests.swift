import Config
import Foundation
import Model
import Testing

/// What the file names must be there. Each test has a folder of its own.
struct ReadingTests {
    private static let listeners = """
        listeners:
          - name: public
            address: "127.0.0.1:8443"
            tls: {certificates: [{certificate: a.crt, key: a.key}]}
        """

    @Test func certificatesThatAreNotThere() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/a.key", withIntermediateDirectories: true)
        try folder.write("edge.yaml", Sample.completing(ReadingTests.listeners))
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:4:40: error: listeners[0].tls.certificates[0].certificate: "
                    + "there is no file DIR/a.crt (an existing file)",
                "DIR/edge.yaml:4:52: error: listeners[0].tls.certificates[0].key: DIR/a.key is a folder (a file)",
            ])
        #expect(folder.problems(checksFiles: false) == [])
    }

    @Test func aKeyThatEverybodyMayRead() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", Sample.completing(ReadingTests.listeners))
        try folder.write("a.crt", "certificate")
        try folder.write("a.key", Data("key".utf8), mode: 0o644)
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:4:52: warning: listeners[0].tls.certificates[0].key: "
                    + "everybody on this machine may read DIR/a.key (chmod 600)"
            ])
        try folder.write("a.key", "key")
        #expect(folder.problems() == [])
    }

    @Test func authoritiesThatAreNotThere() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", Sample.completing("upstream: {protocol: h2, authorities: ca.pem}"))
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:1:39: error: upstream.authorities: there is no file DIR/ca.pem (an existing file)"
            ])
    }

    @Test func aFileThatIsNone() throws {
        let folder = try TemporaryFolder()
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:1:1: error: cannot be read: there is no such file (a readable file)"
            ])
        #expect(folder.problems("") == ["DIR/:1:1: error: cannot be read: it is a folder (a readable file)"])
        try folder.write("edge.yaml", Data("version: 1\nedge: ".utf8) + [0xC3, 0x28])
        #expect(folder.problems() == ["DIR/edge.yaml:2:7: error: this is not UTF-8 (text in UTF-8)"])
        try folder.write("edge.yaml", Data(repeating: 35, count: ConfigurationLoader.maxBytes + 1))
        #expect(folder.problems() == ["DIR/edge.yaml:1:1: error: is too long (at most 16MiB)"])
    }
}
