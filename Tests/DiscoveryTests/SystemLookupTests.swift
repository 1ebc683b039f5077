import Discovery
import Glibc
import Model
import Testing

/// The system's resolver against a name server in this process.
struct SystemLookupTests {
    static let rows: [(String, Result<Answer, LookupFailure>)] = [
        ("four.test", .success(Answer([address("10.0.0.1"), address("10.0.0.2")], lifeSeconds: 30))),
        ("both.test", .success(Answer([address("10.0.0.1")], lifeSeconds: 60))),
        ("six.test", .success(Answer([address("fd00::1")], lifeSeconds: 9))),
        ("alias.test", .success(Answer([address("10.0.0.4")], lifeSeconds: 5))),
        ("none.test", .failure(LookupFailure(reason: "no address", isFinal: true))),
        ("nowhere.test", .failure(noSuchName)),
        ("broken.test", .failure(LookupFailure(reason: "no answer from DNS"))),  // SERVFAIL
        ("silent.test", .failure(LookupFailure(reason: "no answer from DNS"))),
        ("hosts.test", .success(Answer([address("10.9.9.9")], lifeSeconds: 5))),
    ]

    @Test("names become addresses with a life, or say why not", arguments: rows)
    func looksUp(name: String, expected: Result<Answer, LookupFailure>) throws {
        let server = NameServerStub([
            "four.test": .init(records: [.a(2, life: 60), .a(1, life: 30)]),
            "both.test": .init(records: [.a(1, life: 60), .aaaa(1, life: 5)]),
            "six.test": .init(records: [.aaaa(1, life: 9)]),
            "alias.test": .init(records: [.alias(life: 5), .a(4, life: 60)]),
            "none.test": .init(records: []),
            "broken.test": .init(code: 2, records: []),
            "hosts.test": .init(records: [.a(1, life: 60)]),
            "silent.test": .init(records: nil),
        ])
        defer { server.stop() }
        let path = "/tmp/portolan-hosts-\(getpid())-\(name)"
        let file = try #require(fopen(path, "w"))
        fputs("10.9.9.9 hosts.test\n", file)
        fclose(file)
        defer { unlink(path) }
        let lookup = SystemLookup(
            hostsPath: path, server: .init(address: 0x7F00_0001, port: server.port), attempts: 1,
            asksOthers: false)
        #expect(lookup(name) == expected)
        // Whoever is in the file is not asked for; of a name with both families one is.
        let questions = ["hosts.test": 0, "four.test": 1, "both.test": 1, "six.test": 2, "none.test": 2][name]
        if let questions { #expect(server.count(of: name) == questions) }
    }

    /// `localhost` needs no name server's word.
    @Test(arguments: [(true, Result<[IPAddress], LookupFailure>.success([.loopback])), (false, .failure(noSuchName))])
    func whatDNSDoesNotKnowTheSystemMay(asksOthers: Bool, expected: Result<[IPAddress], LookupFailure>) {
        let server = NameServerStub([:])
        defer { server.stop() }
        let lookup = SystemLookup(
            hostsPath: "/nowhere", server: .init(address: 0x7F00_0001, port: server.port), asksOthers: asksOthers)
        #expect(lookup("localhost").map(\.addresses) == expected)
    }

    private static let noSuchName = LookupFailure(reason: "no such name", isFinal: true)
    private static func address(_ text: String) -> IPAddress { IPAddress(text)! }
}
