import Foundation

@testable import Admin

/// Whether a value is what a JSON Schema of our document says: as much of 2020-12 as the document uses.
struct SchemaCheck {
    let components: [String: BodyValue]

    init(document: BodyValue) {
        components = document["components"]["schemas"].fields
    }

    /// What is wrong, each with its place; empty: nothing. `isClosed`: properties that the schema does not name are
    /// wrong too.
    func problems(_ value: BodyValue, _ schema: BodyValue, at place: String = "$", isClosed: Bool = true) -> [String] {
        if case .text(let reference) = schema["$ref"] {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = components[name] else { return ["\(place): no schema \(name)"] }
            return problems(value, target, at: place, isClosed: isClosed)
        }
        switch (schema["type"], value) {
        case ("object", .object(let object)): return check(object, schema, place, isClosed)
        case ("array", .list(let list)):
            return list.enumerated().flatMap {
                problems($1, schema["items"], at: "\(place)[\($0)]", isClosed: isClosed)
            }
        case ("string", .text(let text)):
            guard case .list(let words) = schema["enum"] else { return [] }
            return words.contains(.text(text)) ? [] : ["\(place): \(text) is none of \(words)"]
        case ("integer", .whole(let number)):
            if case .whole(let least) = schema["minimum"], number < least { return ["\(place): \(number)"] }
            return []
        case ("number", .whole), ("number", .number), ("boolean", .bool): return []
        default: return ["\(place): \(value.words) is not \(schema["type"])"]
        }
    }

    private func check(
        _ object: [String: BodyValue], _ schema: BodyValue, _ place: String, _ isClosed: Bool
    ) -> [String] {
        var found: [String] = []
        let properties = schema["properties"].fields
        if case .list(let required) = schema["required"] {
            for case .text(let name) in required where object[name] == nil { found.append("\(place): no \(name)") }
        }
        for (name, value) in object {
            if let property = properties[name] {
                found += problems(value, property, at: "\(place).\(name)", isClosed: isClosed)
            } else if schema["additionalProperties"] != .null {
                found += problems(value, schema["additionalProperties"], at: "\(place).\(name)", isClosed: isClosed)
            } else if isClosed {
                found.append("\(place): \(name) is not in the schema")
            }
        }
        return found
    }
}

extension BodyValue {
    /// Null where there is none.
    subscript(name: String) -> BodyValue { fields[name] ?? .null }

    var fields: [String: BodyValue] { if case .object(let object) = self { object } else { [:] } }
}
