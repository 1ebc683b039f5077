import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A JSON object that a request brought, read strictly: what is unknown or of another type is refused, and each
/// refusal names the place.
struct StrictBody {
    /// The longest that is read.
    static let maxBytes = 64 << 10

    private let fields: [String: BodyValue]

    /// - Throws: 413 above `maxBytes`, 400 for anything but an object with `known` keys.
    init(_ request: Request, known: [String]) async throws {
        let buffer: ByteBuffer
        do { buffer = try await request.body.collect(upTo: StrictBody.maxBytes) } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge, message: "the body is longer than \(StrictBody.maxBytes) bytes")
        }
        try self.init(Data(buffer.readableBytesView), known: known)
    }

    init(_ data: Data, known: [String]) throws(HTTPError) {
        let value: BodyValue
        do { value = try JSONDecoder().decode(BodyValue.self, from: data) } catch {
            throw StrictBody.wrong("the body is not JSON: send an object with \(known.joined(separator: ", "))")
        }
        guard case .object(let fields) = value else {
            throw StrictBody.wrong("the body is \(value.words): send an object with \(known.joined(separator: ", "))")
        }
        for key in fields.keys.sorted() where !known.contains(key) {
            throw StrictBody.wrong("\(key): no such key; there are \(known.joined(separator: ", "))")
        }
        self.fields = fields
    }

    /// Nil where the key is missing.
    func text(_ key: String) throws(HTTPError) -> String? {
        switch fields[key] {
        case nil: return nil
        case .text(let text)?: return text
        case let value?: throw StrictBody.wrong("\(key): \(value.words) is no text")
        }
    }

    func requiredText(_ key: String) throws(HTTPError) -> String {
        guard let text = try text(key), !text.isEmpty else { throw StrictBody.wrong("\(key): missing or empty") }
        return text
    }

    func whole(_ key: String) throws(HTTPError) -> Int {
        switch fields[key] {
        case nil: throw StrictBody.wrong("\(key): missing")
        case .whole(let number)?: return number
        case let value?: throw StrictBody.wrong("\(key): \(value.words) is no whole number")
        }
    }

    /// False where the key is missing.
    func flag(_ key: String) throws(HTTPError) -> Bool {
        switch fields[key] {
        case nil: return false
        case .bool(let flag)?: return flag
        case let value?: throw StrictBody.wrong("\(key): \(value.words) is neither true nor false")
        }
    }

    /// Milliseconds; nil where the key is missing.
    func duration(_ key: String) throws(HTTPError) -> UInt64? {
        guard let text = try text(key) else { return nil }
        if let milliseconds = DurationText.milliseconds(text) { return milliseconds }
        throw StrictBody.wrong("\(key): “\(text)” is no duration; write 250ms, 30s, 15m or 12h")
    }

    /// Names and values; a value may be a list of texts. Empty where the key is missing.
    func headers(_ key: String) throws(HTTPError) -> [(name: String, value: String)] {
        guard let value = fields[key] else { return [] }
        guard case .object(let object) = value else { throw StrictBody.wrong("\(key): \(value.words) is no object") }
        var headers: [(name: String, value: String)] = []
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            let values = if case .list(let list) = value { list } else { [value] }
            for value in values {
                guard case .text(let text) = value else {
                    throw StrictBody.wrong("\(key).\(name): \(value.words) is no text")
                }
                headers.append((name, text))
            }
        }
        return headers
    }

    static func wrong(_ detail: String) -> HTTPError { HTTPError(.badRequest, message: detail) }
}
