import Hummingbird
import NIOCore

/// What a form sent: `application/x-www-form-urlencoded` (URL Standard §5.1).
struct FormBody: Equatable, Sendable {
    static let maxBytes = 64 << 10

    enum Problem: Error, Equatable {
        case tooLong
        /// No form, or not UTF-8.
        case unreadable
    }

    private(set) var fields: [String: String]

    init(_ fields: [String: String] = [:]) { self.fields = fields }

    init(_ request: Request) async throws(Problem) {
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else { throw .unreadable }
        let buffer: ByteBuffer
        do { buffer = try await request.body.collect(upTo: FormBody.maxBytes) } catch is NIOTooManyBytesError {
            throw .tooLong
        } catch { throw .unreadable }
        try self.init(Array(buffer.readableBytesView))
    }

    /// The first of each name.
    init(_ bytes: [UInt8]) throws(Problem) {
        fields = [:]
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try FormBody.decode(parts[0])
            let value = parts.count > 1 ? try FormBody.decode(parts[1]) : ""
            if fields[name] == nil { fields[name] = value }
        }
    }

    /// Without blanks around it; empty where there is none.
    subscript(name: String) -> String {
        let text = fields[name] ?? ""
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
        var out: [UInt8] = []
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == UInt8(ascii: "%"), position + 2 < bytes.endIndex, let high = digit(bytes[position + 1]),
                let low = digit(bytes[position + 2])
            {
                out.append(high << 4 | low)
                position += 3
            } else {
                out.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                position += 1
            }
        }
        guard let text = String(validating: out, as: UTF8.self) else { throw .unreadable }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
