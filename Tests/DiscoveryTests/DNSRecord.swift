/// A record as a name server sends it.
struct DNSRecord: Sendable {
    var type: UInt16
    var space: UInt16 = 1
    var lifeSeconds: UInt32
    var data: [UInt8]

    static func a(_ last: UInt8, life: UInt32) -> DNSRecord {
        DNSRecord(type: 1, lifeSeconds: life, data: [10, 0, 0, last])
    }
    static func aaaa(_ last: UInt8, life: UInt32) -> DNSRecord {
        DNSRecord(type: 28, lifeSeconds: life, data: [0xFD] + Array(repeating: 0, count: 14) + [last])
    }
    /// An alias of `b`.
    static func alias(life: UInt32) -> DNSRecord { DNSRecord(type: 5, lifeSeconds: life, data: [1, 0x62, 0]) }

    /// The answer to a question, which begins with its head and is sent back.
    static func message(answering question: ArraySlice<UInt8>, code: UInt8 = 0, _ records: [DNSRecord]) -> [UInt8] {
        var bytes = Array(question)
        (bytes[2], bytes[3]) = (0x85, 0x80 | code)  // an answer, of who knows; the resolver recurses
        (bytes[6], bytes[7]) = (0, UInt8(records.count))
        (bytes[8], bytes[9], bytes[10], bytes[11]) = (0, 0, 0, 0)
        for record in records {
            bytes += [0xC0, 12]  // the name of the question
            bytes += big(record.type) + big(record.space) + big(record.lifeSeconds) + big(UInt16(record.data.count))
            bytes += record.data
        }
        return bytes
    }

    /// What asks for `a`'s addresses.
    static let question: [UInt8] = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]

    private static func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
