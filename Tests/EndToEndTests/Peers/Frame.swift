/// One HTTP/2 frame, right or wrong (RFC 9113 §4.1).
struct Frame: Equatable, Sendable {
    enum Kind: UInt8, Sendable {
        case data, headers, priority, reset, settings, pushPromise, ping, goaway, windowUpdate, continuation
    }

    static let endStream: UInt8 = 1
    static let ack: UInt8 = 1
    static let endHeaders: UInt8 = 4
    static let padded: UInt8 = 8
    static let priorityFlag: UInt8 = 32

    var type: UInt8
    var flags: UInt8
    var stream: UInt32
    var payload: [UInt8]

    init(type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
        (self.type, self.flags, self.stream, self.payload) = (type, flags, stream, payload)
    }

    init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.init(type: kind.rawValue, flags: flags, stream: stream, payload)
    }

    var kind: Kind? { Kind(rawValue: type) }
    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

    var bytes: [UInt8] {
        let count = payload.count
        let head = [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags]
        return head + Frame.word(stream) + payload
    }

    static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }

    /// The 32-bit number at that place of the payload; 0 past its end.
    func word(at place: Int) -> UInt32 {
        guard place + 4 <= payload.count else { return 0 }
        return payload[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    // MARK: Right ones

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static func settings(_ values: [(id: UInt16, value: UInt32)] = []) -> Frame {
        Frame(.settings, values.flatMap { [UInt8($0.id >> 8), UInt8($0.id & 255)] + word($0.value) })
    }

    static func headers(_ stream: UInt32, _ fields: Fields, end: Bool) -> Frame {
        Frame(.headers, flags: endHeaders | (end ? endStream : 0), stream: stream, fields.encoded)
    }

    static func data(_ stream: UInt32, _ bytes: [UInt8], end: Bool = false) -> Frame {
        Frame(.data, flags: end ? endStream : 0, stream: stream, bytes)
    }

    static func reset(_ stream: UInt32, _ code: UInt32) -> Frame { Frame(.reset, stream: stream, word(code)) }
    static func goaway(last: UInt32, _ code: UInt32) -> Frame { Frame(.goaway, word(last) + word(code)) }
    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> Frame {
        Frame(.windowUpdate, stream: stream, word(increment))
    }
}

/// The codes that tests name (RFC 9113 §7).
enum Code {
    static let noError: UInt32 = 0
    static let protocolError: UInt32 = 1
    static let internalError: UInt32 = 2
    static let flowControlError: UInt32 = 3
    static let streamClosed: UInt32 = 5
    static let frameSizeError: UInt32 = 6
    static let refusedStream: UInt32 = 7
    static let cancel: UInt32 = 8
    static let compressionError: UInt32 = 9
    static let enhanceYourCalm: UInt32 = 11
}
