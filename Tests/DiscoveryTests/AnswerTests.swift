import Discovery
import Model
import Testing

struct AnswerTests {
    static let one = IPAddress(v4: 0x0A00_0001)
    static let two = IPAddress(v4: 0x0A00_0002)
    static let six = IPAddress(high: 0xFD00 << 48, low: 1)
    static let seven = IPAddress(high: 0xFD00 << 48, low: 2)

    static let rows: [([IPAddress], [IPAddress])] = [
        ([], []),
        ([one], [one]),
        ([two, one, two], [one, two]),
        ([six, one], [one]),
        ([seven, six, seven], [six, seven]),
    ]

    @Test("IPv4 where there is any, each address once, in one order whatever the server's", arguments: rows)
    func prefers(found: [IPAddress], expected: [IPAddress]) {
        #expect(Answer(found, lifeSeconds: 1).addresses == expected)
        #expect(Answer(found.reversed(), lifeSeconds: 1) == Answer(found, lifeSeconds: 1))
    }
}
