import Model
import Testing

@testable import Discovery

struct HostsFileTests {
    private static let file = HostsFile(
        text: """
            # this machine
            127.0.0.1\tlocalhost app.test  # and app.test too
            ::1 localhost
            10.0.0.1 App.Test other.test
            # 10.0.0.9 app.test
            fe80::1%eth0 scoped.test
            nonsense app.test

            10.0.0.2
            """)

    @Test(arguments: [
        ("localhost", ["127.0.0.1", "::1"]), ("app.test", ["127.0.0.1", "10.0.0.1"]),
        ("APP.TEST", ["127.0.0.1", "10.0.0.1"]),
        ("other.test", ["10.0.0.1"]), ("scoped.test", []), ("10.0.0.2", []), ("and", []), ("unknown.test", []),
    ])
    func finds(name: String, expected: [String]) {
        #expect(HostsFileTests.file.addresses(of: name).map(\.description) == expected)
    }

    @Test func aFileThatIsNotThereSaysNothing() {
        #expect(HostsFile(path: "/nowhere/hosts").addresses(of: "localhost").isEmpty)
        #expect(HostsFile(path: "/").addresses(of: "localhost").isEmpty)
    }
}
