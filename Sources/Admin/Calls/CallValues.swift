import Foundation

/// The values that a query or a JSON body brought, checked against what it may bring: what is unknown, doubled or of
/// another kind is refused, and each refusal names the place.
struct CallValues: Equatable, Sendable {
    private var values: [String: BodyValue] = [:]

    /// None.
    init() {}

    /// - Throws: 400 for anything but an object with these fields.
    init(json data: Data, _ fields: [Field]) throws(AdminRefusal) {
        let names = CallValues.names(fields)
        let value: BodyValue
        do { value = try JSONDecoder().decode(BodyValue.self, from: data) } catch {
            throw .wrong("the body is not JSON: send an object with \(names)")
        }
        guard case .object(let object) = value else {
            throw .wrong("the body is \(value.words): send an object with \(names)")
        }
        for key in object.keys.sorted() where !fields.contains(where: { $0.name == key }) {
            throw .wrong("\(ValueKind.short(key)): no such key; there are \(names)")
        }
        for field in fields {
            guard let value = object[field.name] else {
                if field.isRequired { throw .wrong("\(field.name): missing or empty") }
                continue
            }
            if let problem = field.kind.problem(value) { throw .wrong("\(field.name): \(problem)") }
        }
        values = object
    }

    /// - Throws: 400 for anything but these fields, each at most once.
    init(query: String, _ fields: [Field]) throws(AdminRefusal) {
        for part in query.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let text = pair.count > 1 ? String(pair[1]) : ""
            guard let name = String(pair[0]).removingPercentEncoding, let value = text.removingPercentEncoding else {
                throw .wrong("the query is not percent-encoded UTF-8: “\(ValueKind.short(String(part)))”")
            }
            guard let field = fields.first(where: { $0.name == name }) else {
                let known = fields.isEmpty ? "none is known here" : "there are \(CallValues.names(fields))"
                throw .wrong("\(ValueKind.short(name)): no such parameter; \(known)")
            }
            if values[name] != nil { throw .wrong("\(name): given twice") }
            guard let value = field.kind.value(ofQuery: value) else {
                throw .wrong("\(name): “\(ValueKind.short(value))” is no \(field.kind.queryWords)")
            }
            if let problem = field.kind.problem(value) { throw .wrong("\(name): \(problem)") }
            values[name] = value
        }
    }

    private static func names(_ fields: [Field]) -> String { fields.map(\.name).joined(separator: ", ") }

    // MARK: Reading; nil where it was not given

    func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }

    func whole(_ name: String) -> Int? { if case .whole(let number)? = values[name] { number } else { nil } }

    func flag(_ name: String) -> Bool { values[name] == .bool(true) }

    func milliseconds(_ name: String) -> UInt64? { text(name).flatMap { DurationText.milliseconds($0) } }

    func texts(_ name: String) -> [String] {
        guard case .list(let list)? = values[name] else { return [] }
        return list.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    /// By lower-case name.
    func headers(_ name: String) -> [String: [String]] {
        guard case .object(let object)? = values[name] else { return [:] }
        var headers: [String: [String]] = [:]
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            let values = if case .list(let list) = value { list } else { [value] }
            headers[name.lowercased(), default: []] += values.compactMap {
                if case .text(let text) = $0 { text } else { nil }
            }
        }
        return headers
    }

    /// All of them as one JSON object, for the audit log.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
