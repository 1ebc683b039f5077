/// A JSON value as it stands in a body: `true` is no number here, and 37.0 no whole one.
enum BodyValue: Decodable, Equatable {
    case null
    case bool(Bool)
    case whole(Int)
    case number(Double)
    case text(String)
    case list([BodyValue])
    case object([String: BodyValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .whole(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([BodyValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: BodyValue].self))
        }
    }

    /// What it is, for a sentence.
    var words: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .whole(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
