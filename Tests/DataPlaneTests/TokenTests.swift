import Testing

@testable import DataPlane

struct TokenTests {
    static let rows: [(Token.Kind, Int, UInt32)] = [
        (.listener, 0, 0), (.connection, 1, 1), (.connection, 0xFFFF_FFFF, 0xFF_FFFF), (.sweep, 0, 0),
        (.resume, 7, 3), (.stop, 0, 0),
    ]

    @Test("carries its parts through 64 bits", arguments: rows)
    func carries(kind: Token.Kind, index: Int, generation: UInt32) {
        let token = Token(Token(kind, index: index, generation: generation).bits)
        #expect((token.kind, token.index, token.generation) == (kind, index, generation))
    }

    @Test("a generation wraps within its 24 bits")
    func wraps() {
        let token = Token(.connection, index: 5, generation: 0x1_00_0003)
        #expect(token.generation == 3 && token.index == 5 && token.kind == .connection)
    }
}
