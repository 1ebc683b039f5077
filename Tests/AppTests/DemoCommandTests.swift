import Testing

@testable import App

struct DemoCommandTests {
    static let rows: [(arguments: [String], port: UInt16?, load: Double?)] = [
        (["demo"], nil, nil), (["demo", "--port", "0"], 0, nil), (["demo", "--once", "--load", "50"], nil, 50),
    ]

    @Test("its options", arguments: rows)
    func parses(arguments: [String], port: UInt16?, load: Double?) throws {
        let command = try #require(try Portolan.parseAsRoot(arguments) as? DemoCommand)
        #expect(command.port == port && command.load == load && command.once == arguments.contains("--once"))
    }

    @Test("what it does not take", arguments: [["demo", "--load", "0"], ["demo", "--port", "65536"]])
    func refuses(arguments: [String]) {
        #expect(throws: (any Error).self) { try Portolan.parseAsRoot(arguments) }
    }
}
