import Config
import Foundation
import Model
import Testing

/// A file of endpoints is checked like the configuration, and its mistakes are at places of its own.
struct EndpointsFileTests {
    private static let text = Sample.completing(
        #"regions: {us-east: {jurisdiction: us, cells: {a: {endpoints_file: a.txt, UPSTREAM}}}}"#)
    private static let h2c = text.replacingOccurrences(of: "UPSTREAM", with: "upstream: {protocol: h2c}")
    private static let h2 = text.replacingOccurrences(of: "UPSTREAM", with: "upstream: {protocol: h2}")

    @Test func addressesAreReadInTheirOrder() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", EndpointsFileTests.h2c)
        try folder.write(
            "a.txt", "# ours\n10.0.0.2:80\r\n\n  [fd00::1]:80  # the new one\n\tapp.example:80#1\n10.0.0.1:80 \n")
        let expected = ["DIR/a.txt:5:2: error: \"app.example:80#1\" is no address"]
        #expect(folder.problems().map { $0.components(separatedBy: " (")[0] } == expected)
        try folder.write(
            "a.txt", "# ours\n10.0.0.2:80\r\n\n  [fd00::1]:80  # the new one\n\tapp.example:80\nunix:a.sock\n")
        #expect(folder.problems() == [])
        #expect(
            try EndpointsFile.read(folder.path + "/a.txt").map(\.description) == [
                "10.0.0.2:80", "[fd00::1]:80", "app.example:80", "unix:\(folder.path)/a.sock",
            ])
        try folder.write("a.txt", "")
        #expect(folder.problems() == [])
        #expect(try EndpointsFile.read(folder.path + "/a.txt") == [])
    }

    @Test func everyMistakeHasItsLine() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", EndpointsFileTests.h2c)
        try folder.write("a.txt", "10.0.0.1:80\n10.0.0.1\n\n 10.0.0.1:80\nwhat is this\n10.0.0.1:0\n")
        let right =
            "(an address such as 10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock)"
        #expect(
            folder.problems() == [
                "DIR/a.txt:2:1: error: \"10.0.0.1\", which has no port \(right)",
                "DIR/a.txt:4:2: error: 10.0.0.1:80 is there already, in line 1 (each once)",
                "DIR/a.txt:5:1: error: \"what is this\" is no address \(right)",
                "DIR/a.txt:6:1: error: \"10.0.0.1:0\", which has port 0 \(right)",
            ])
        #expect(folder.problems(checksFiles: false) == [])
    }

    @Test func aFileThatIsNotThereIsAMistake() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", EndpointsFileTests.h2c)
        #expect(
            folder.problems() == [
                "DIR/a.txt:1:1: error: cannot be read: there is no such file (a readable file)"
            ])
    }

    @Test func encryptionToASocketTakesAName() throws {
        let folder = try TemporaryFolder()
        try folder.write("edge.yaml", EndpointsFileTests.h2)
        try folder.write("a.txt", "10.0.0.1:80\nunix:/run/a.sock\n")
        #expect(
            folder.problems() == [
                "DIR/edge.yaml:1:67: error: regions.us-east.cells.a.endpoints_file has a Unix socket, whose "
                    + "certificate would be for no known name (upstream: {server_name: NAME}, or protocol: h2c)"
            ])
    }
}
