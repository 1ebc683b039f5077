import Testing

@testable import App

struct AdminAccessTests {
    private static func access(_ arguments: [String], _ environment: [String: String] = [:]) throws -> AdminAccess {
        let options = try AdminOptions.parse(["--admin", "unix:/s"] + arguments)
        return try AdminAccess(options, environment: environment) { $0 == "there" ? " secret\n" : nil }
    }

    static let tokens: [(arguments: [String], environment: [String: String], token: String?)] = [
        ([], [:], nil), ([], ["PORTOLAN_TOKEN": ""], nil), ([], ["PORTOLAN_TOKEN": "ptl_x\n"], "ptl_x"),
        (["--token-file", "there"], ["PORTOLAN_TOKEN": "other"], "secret"),
    ]
    @Test("the file's token, else the environment's", arguments: tokens)
    func token(arguments: [String], environment: [String: String], token: String?) throws {
        #expect(try AdminAccessTests.access(arguments, environment).token == token)
    }

    @Test("whom to trust and who one is")
    func trust() throws {
        let variables = ["PORTOLAN_CACERT": "/env.pem"]
        #expect(try AdminAccessTests.access([], variables).authority == "/env.pem")
        #expect(try AdminAccessTests.access(["--cacert", "/o.pem"], variables).authority == "/o.pem")
        let both = try AdminAccessTests.access(["--cert", "c", "--key", "k"])
        #expect(both.identity == AdminAccess.Identity(certificate: "c", key: "k"))
        #expect(try AdminAccessTests.access(["--cert", "c"]).identity == .init(certificate: "c", key: "c"))
    }

    static let mistakes: [(arguments: [String], environment: [String: String])] = [
        (["--token-file", "nowhere"], [:]), (["--key", "k"], [:]), ([], ["PORTOLAN_TOKEN": "two words"]),
        ([], ["PORTOLAN_TOKEN": "x\r\nhost: y"]), ([], ["PORTOLAN_TOKEN": " "]),
        (["--admin", "http://edge.example.com"], ["PORTOLAN_TOKEN": "ptl_x"]),
    ]
    @Test("mistakes are of usage, and never show the token", arguments: mistakes)
    func refuses(arguments: [String], environment: [String: String]) throws {
        #expect { try AdminAccessTests.access(arguments, environment) } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.code == .usage && !failure.message.contains("ptl_x")
                && !failure.message.contains("two words")
        }
    }

    @Test("certificates that are none are told before anything is sent")
    func unreadable() throws {
        var access = AdminAccess(location: .url("https://localhost:1"))
        access.authority = "/nonexistent/ca.pem"
        #expect { try HTTPTransport(access) } throws: { ($0 as? CommandFailure)?.message.contains("--cacert") == true }
        access = AdminAccess(location: .url("https://localhost:1"))
        access.identity = .init(certificate: "/nonexistent/c.pem", key: "/nonexistent/k.pem")
        #expect { try HTTPTransport(access) } throws: { ($0 as? CommandFailure)?.message.contains("--cert") == true }
    }
}
