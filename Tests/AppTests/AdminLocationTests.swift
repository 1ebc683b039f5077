import Testing

@testable import App

struct AdminLocationTests {
    static let rows: [(option: String?, environment: String?, there: [String], found: String)] = [
        (nil, nil, ["./var/portolan.sock", "/run/portolan/portolan.sock"], "unix:./var/portolan.sock"),
        (nil, nil, ["/run/portolan/portolan.sock"], "unix:/run/portolan/portolan.sock"),
        (nil, nil, [], "unix:/run/portolan/portolan.sock"), (nil, "", [], "unix:/run/portolan/portolan.sock"),
        (nil, "unix:/e", [], "unix:/e"), ("unix:/o", "unix:/e", [], "unix:/o"),
        ("http://127.0.0.1:9443", nil, [], "http://127.0.0.1:9443"),
        ("https://[::1]:9443/", nil, [], "https://[::1]:9443"),
    ]

    @Test("the option, else the environment, else the socket that is there", arguments: rows)
    func finds(option: String?, environment: String?, there: [String], found: String) throws {
        var variables: [String: String] = [:]
        variables["PORTOLAN_ADMIN"] = environment
        let location = try AdminLocation(option: option, environment: variables) { there.contains($0) }
        #expect(location.description == found)
    }

    @Test(
        "what names no place is a mistake of usage",
        arguments: ["", "unix:", "127.0.0.1:9443", "ftp://x", "http://", "http://x/v1", "/var/x.sock"])
    func refuses(text: String) {
        #expect { try AdminLocation(option: text, environment: [:]) { _ in true } } throws: { error in
            (error as? CommandFailure)?.code == .usage
        }
    }

    @Test("a socket's path becomes a URL's host, whatever is in it")
    func urls() {
        #expect(AdminLocation.url("http://h:1").url("/v1/status") == "http://h:1/v1/status")
        #expect(AdminLocation.socket(path: "/a b/ü.sock").url("/x").hasPrefix("http+unix://%2Fa%20b%2F"))
    }

    static let ways: [(String, Bool)] = [
        ("unix:/s", false), ("http://127.0.0.1:9443", false), ("http://localhost:1", false), ("http://[::1]:9", false),
        ("https://edge.example.com:9443", false), ("http://edge.example.com:9443", true), ("http://10.0.0.1", true),
        ("http://127.example.com", true), ("http://localhost.example.com", true),
    ]
    @Test("plain http to another machine can be read on the way", arguments: ways)
    func onTheWay(text: String, isReadable: Bool) throws {
        #expect(try AdminLocation(option: text, environment: [:]).isReadableOnTheWay == isReadable)
    }
}
