import ControlPlane

/// Finds a type's JSON Schema (2020-12) by letting the type decode itself out of nothing and taking down what it asks
/// for: what is decoded must be there, what is decoded if present may be. So a schema cannot differ from its type.
final class SchemaReader {
    /// Objects by the type's name; `#/components/schemas`.
    private(set) var objects: [String: BodyValue] = [:]

    /// A reference to an object's schema, or a scalar's schema itself.
    func schema(of type: any Decodable.Type) throws -> BodyValue { try read(type).schema }

    fileprivate func read<T: Decodable>(_ type: T.Type) throws -> (schema: BodyValue, value: T) {
        if let known = type as? any SchemaKnown.Type, let value = known.anything as? T {
            return (try known.schema(self), value)
        }
        let blank = BlankDecoder(self)
        let value = try T(from: blank)
        guard blank.isObject else { throw SchemaFailure(type: "\(type)") }
        let name = String(describing: type)
        let object = blank.object
        if let other = objects[name], other != object { throw SchemaFailure(type: "two types named \(name)") }
        objects[name] = object
        return (["$ref": .text("#/components/schemas/\(name)")], value)
    }

    /// As `AdminJSON` writes the name of a property.
    static func key(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}

/// A type that has no schema here: a scalar that nobody described, or a name that two types have.
struct SchemaFailure: Error { let type: String }

/// Scalars and collections, which say their schema themselves.
protocol SchemaKnown: Decodable {
    static func schema(_ reader: SchemaReader) throws -> BodyValue
    /// Any value: nobody reads it.
    static var anything: Self { get }
}

extension String: SchemaKnown {
    static func schema(_ reader: SchemaReader) -> BodyValue { ["type": "string"] }
    static var anything: String { "" }
}

extension Bool: SchemaKnown {
    static func schema(_ reader: SchemaReader) -> BodyValue { ["type": "boolean"] }
    static var anything: Bool { false }
}

extension Double: SchemaKnown {
    static func schema(_ reader: SchemaReader) -> BodyValue { ["type": "number"] }
    static var anything: Double { 0 }
}

extension Int: SchemaKnown {
    static func schema(_ reader: SchemaReader) -> BodyValue { ["type": "integer"] }
    static var anything: Int { 0 }
}

extension UInt64: SchemaKnown {
    static func schema(_ reader: SchemaReader) -> BodyValue { ["type": "integer", "minimum": 0] }
    static var anything: UInt64 { 0 }
}

extension UInt32: SchemaKnown {
    static func schema(_ reader: SchemaReader) -> BodyValue { ["type": "integer", "minimum": 0] }
    static var anything: UInt32 { 0 }
}

extension Role: SchemaKnown {
    static func schema(_ reader: SchemaReader) -> BodyValue {
        ["type": "string", "enum": .list(Role.allCases.map { .text($0.rawValue) })]
    }
    static var anything: Role { .viewer }
}

extension Array: SchemaKnown where Element: Decodable {
    static func schema(_ reader: SchemaReader) throws -> BodyValue {
        ["type": "array", "items": try reader.schema(of: Element.self)]
    }
    static var anything: [Element] { [] }
}

extension Dictionary: SchemaKnown where Key == String, Value: Decodable {
    static func schema(_ reader: SchemaReader) throws -> BodyValue {
        ["type": "object", "additionalProperties": try reader.schema(of: Value.self)]
    }
    static var anything: [String: Value] { [:] }
}

/// Takes down which properties one object asks for.
private final class BlankDecoder: Decoder {
    let reader: SchemaReader
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private(set) var isObject = false
    fileprivate var properties: [String: BodyValue] = [:]
    fileprivate var required: [String] = []

    init(_ reader: SchemaReader) { self.reader = reader }

    var object: BodyValue {
        [
            "type": "object", "properties": .object(properties),
            "required": .list(required.sorted().map { .text($0) }),
        ]
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        isObject = true
        return KeyedDecodingContainer(BlankContainer<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw SchemaFailure(type: "a list") }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw SchemaFailure(type: "a scalar") }
}

private struct BlankContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: BlankDecoder
    let codingPath: [any CodingKey] = []
    let allKeys: [Key] = []

    func contains(_ key: Key) -> Bool { true }

    /// Asked only for scalars that have no `decodeIfPresent` of their own below, which would be passed over.
    func decodeNil(forKey key: Key) throws -> Bool { throw SchemaFailure(type: key.stringValue) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let name = SchemaReader.key(key.stringValue)
        let (schema, value) = try decoder.reader.read(type)
        decoder.properties[name] = schema
        decoder.required.append(name)
        return value
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try maybe(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try maybe(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try maybe(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try maybe(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try maybe(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try maybe(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try maybe(type, key) }

    private func maybe<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        decoder.properties[SchemaReader.key(key.stringValue)] = try decoder.reader.read(type).schema
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw SchemaFailure(type: key.stringValue) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw SchemaFailure(type: key.stringValue)
    }

    func superDecoder() throws -> any Decoder { throw SchemaFailure(type: "super") }

    func superDecoder(forKey key: Key) throws -> any Decoder { throw SchemaFailure(type: key.stringValue) }
}
