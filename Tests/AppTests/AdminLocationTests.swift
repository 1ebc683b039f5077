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

    @Test("nobody there is code 3, and says what to do")
    func unreachable() async {
        let client = AdminClient(location: .socket(path: "/nonexistent/edge.sock"), token: nil)
        await #expect { _ = try await client.get("/v1/status") } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.code == .unreachable && failure.message.contains("--admin")
        }
    }
}
