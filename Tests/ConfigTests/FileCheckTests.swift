import Config
import Foundation
import Model
import Testing

/// What the file names must be there. Each test has a folder of its own.
struct FileCheckTests {
    /// A folder that lives as long as a test.
    private final class Folder {
        let path = NSTemporaryDirectory() + "portolan-config-\(UUID().uuidString)"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ data: Data, mode: Int = 0o600) throws {
            try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
        }
        func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

        func problems(_ name: String = "edge.yaml", checksFiles: Bool = true) -> [String] {
            let loader = ConfigurationLoader(environment: [:], checksFiles: checksFiles)
            do throws(ConfigurationError) {
                return try loader.load(path: "\(path)/\(name)").warnings.map(shortened)
            } catch { return error.problems.map(shortened) }
        }

        private func shortened(_ problem: Problem) -> String {
            problem.description.replacingOccurrences(of: path, with: "DIR")
        }
    }

    private static let listeners = """
        listeners:
          - name: public
            address: "127.0.0.1:8443"
            tls: {certificates: [{certificate: a.crt, key: a.key}]}
        """

    @Test func certificatesThatAreNotThere() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path + "/a.key", withIntermediateDirectories: true)
        try folder.write("edge.yaml", Sample.completing(FileCheckTests.listeners))
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:4:40: error: listeners[0].tls.certificates[0].certificate: "
                    + "there is no file DIR/a.crt (an existing file)",
                "DIR/edge.yaml:4:52: error: listeners[0].tls.certificates[0].key: DIR/a.key is a folder (a file)",
            ])
        #expect(folder.problems(checksFiles: false) == [])
    }

    @Test func aKeyThatEverybodyMayRead() throws {
        let folder = try Folder()
        try folder.write("edge.yaml", Sample.completing(FileCheckTests.listeners))
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
        let folder = try Folder()
        try folder.write("edge.yaml", Sample.completing("upstream: {protocol: h2, authorities: ca.pem}"))
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:1:39: error: upstream.authorities: there is no file DIR/ca.pem (an existing file)"
            ])
    }

    @Test func aFileThatIsNone() throws {
        let folder = try Folder()
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

    private static let tenants = """
        tenants: {pins_file: tenants.csv}
        regions:
          us-east: {jurisdiction: us, edge: a.example}
          eu-west: {jurisdiction: eu, edge: b.example}
        """

    @Test func aPinsFileIsRead() throws {
        let folder = try Folder()
        try folder.write("edge.yaml", Sample.completing(FileCheckTests.tenants))
        try folder.write("tenants.csv", "tenant,home,residency\n# ours\nacme,eu-west,eu\r\n\nglobex,us-east,us;eu\n")
        let loaded = try ConfigurationLoader(environment: [:]).load(path: folder.path + "/edge.yaml")
        #expect(
            loaded.configuration.tenants.pins == [
                Configuration.Pin(tenant: "acme", home: "eu-west", residency: ["eu"]),
                Configuration.Pin(tenant: "globex", home: "us-east", residency: ["us", "eu"]),
            ])
    }

    @Test func aPinsFileHasPlacesOfItsOwn() throws {
        let folder = try Folder()
        try folder.write("edge.yaml", Sample.completing(FileCheckTests.tenants + "\nlimits: {turn_frames: x}"))
        try folder.write(
            "tenants.csv",
            "acme,eu-wets,eu\nacme,eu-west,eu;uk\nglobex,us-east,eu\nini tech,us-east,us\nhooli,us-east\nacme,us-east,us\n"
        )
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:5:23: error: limits.turn_frames is \"x\" (a whole number from 1 to 10000)",
                "DIR/tenants.csv:1:6: error: \"eu-wets\", which is no region here (did you mean \"eu-west\"?)",
                "DIR/tenants.csv:2:17: error: \"uk\", which is no jurisdiction here (did you mean \"us\"?)",
                "DIR/tenants.csv:3:16: error: residency keeps the tenant out of its home us-east, which lies in us "
                    + "(us among them, or another home)",
                "DIR/tenants.csv:4:1: error: \"ini tech\" is not allowed "
                    + "(1 to 128 visible ASCII characters without a comma, such as acme)",
                "DIR/tenants.csv:5:1: error: has 2 fields (tenant,home,jurisdiction;jurisdiction)",
                "DIR/tenants.csv:6:1: error: the tenant \"acme\" is there already, in line 2 (each tenant once)",
            ])
    }
}
