/// One message of a stream of server-sent events.
struct ServerSentEvent: Equatable, Sendable {
    /// Empty: none was given since the stream began.
    var id = ""
    var name = ""
    var data = ""
}

/// Server-sent events out of bytes, however they are cut: WHATWG HTML, “Interpreting an event stream”.
///
/// Lines end with CR, LF or both; an empty line ends an event; one that begins with a colon says only that somebody is
/// there. Pure: no clock, no socket.
struct EventSourceParser {
    /// An event is some hundred bytes; a stream that is none would otherwise be kept whole.
    static let maxLineBytes = 1 << 20

    private var line: [UInt8] = []
    private var isAfterReturn = false
    private var isAtStart = true
    private var isTooLong = false
    private var data: [String] = []
    private var name = ""
    /// Holds for all events that follow, too.
    private(set) var lastID = ""
    /// What the server asks to wait before a new connection; nil: nothing.
    private(set) var retryMilliseconds: UInt64?

    /// The events that end with these bytes.
    mutating func receive(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let isSecondOfPair = isAfterReturn && byte == 0x0A
            isAfterReturn = byte == 0x0D
            if isSecondOfPair { continue }
            if byte == 0x0A || byte == 0x0D {
                if let event = endLine() { events.append(event) }
            } else if line.count < EventSourceParser.maxLineBytes {
                line.append(byte)
            } else {
                isTooLong = true
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { (isAtStart, isTooLong) = (false, false) }
        if isAtStart, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }  // a byte order mark
        if line.isEmpty { return dispatch() }
        if !isTooLong { take(String(decoding: line, as: UTF8.self)) }
        line.removeAll(keepingCapacity: true)
        return nil
    }

    private mutating func take(_ text: String) {
        let colon = text.firstIndex(of: ":")
        var value = colon.map { text[text.index(after: $0)...] } ?? ""
        if value.first == " " { value.removeFirst() }
        switch text[..<(colon ?? text.endIndex)] {
        case "data": data.append(String(value))
        case "event": name = String(value)
        case "id": if !value.contains("\0") { lastID = String(value) }
        case "retry": if value.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { retryMilliseconds = UInt64(value) }
        default: break  // a comment, or a field of a later time
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer { (data, name) = ([], "") }
        if data.isEmpty { return nil }
        return ServerSentEvent(id: lastID, name: name, data: data.joined(separator: "\n"))
    }
}
