/// A list of header fields, order and duplicates kept. Each scalar of a text is one octet, so that values of any octets
/// can be written: `["x-bytes": "\u{80}\u{FF}"]`.
struct Fields: Equatable, ExpressibleByDictionaryLiteral, CustomStringConvertible, Sendable {
    struct Field: Equatable, Sendable {
        var name: String
        var value: String
    }

    var list: [Field] = []

    init() {}
    init(dictionaryLiteral elements: (String, String)...) {
        list = elements.map { Field(name: $0.0, value: $0.1) }
    }

    mutating func append(_ name: String, _ value: String) { list.append(Field(name: name, value: value)) }
    static func + (left: Fields, right: Fields) -> Fields {
        var sum = left
        sum.list += right.list
        return sum
    }

    /// The first value of that name.
    subscript(name: String) -> String? { list.first { $0.name == name }?.value }
    func all(_ name: String) -> [String] { list.filter { $0.name == name }.map(\.value) }
    func has(_ name: String) -> Bool { self[name] != nil }
    /// Those whose name is one of `names`, in their order.
    func only(_ names: String...) -> Fields {
        var some = Fields()
        some.list = list.filter { names.contains($0.name) }
        return some
    }

    var description: String { list.map { "\($0.name): \($0.value)" }.joined(separator: "\n") }

    /// HPACK: literals without indexing, new names, no Huffman (RFC 7541 §6.2.2).
    var encoded: [UInt8] {
        list.flatMap { field in [0] + Fields.string(field.name) + Fields.string(field.value) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        return integer(bytes.count, prefixBits: 7) + bytes
    }

    /// RFC 7541 §5.1.
    static func integer(_ value: Int, prefixBits: Int) -> [UInt8] {
        let most = 1 << prefixBits - 1
        guard value >= most else { return [UInt8(value)] }
        var (bytes, rest) = ([UInt8(most)], value - most)
        while rest >= 128 {
            bytes.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
