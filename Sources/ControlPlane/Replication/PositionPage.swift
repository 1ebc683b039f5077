import Foundation
public import Model

/// An answer in which a position stands.
public struct PositionPage: Sendable {
    /// Of its body; a longer one is a reading that failed. An exporter of a large database writes about 1 MiB.
    public static let maxBytes = 4_194_304

    public var body: [UInt8]
    /// Value of the header that the source names; nil: the answer has none.
    public var header: String?

    public init(body: [UInt8], header: String? = nil) { (self.body, self.header) = (body, header) }

    /// What the source says stands there.
    public func position(for source: Configuration.PositionSource) throws(PositionFailure) -> Position {
        switch source {
        case .prometheus(_, let metric): return try position(ofMetric: metric)
        case .json(_, let pointer): return try position(at: pointer)
        case .header(_, let name):
            guard let header else { throw PositionFailure("the answer has no header \(name)") }
            return try Position(header)
        }
    }

    // MARK: Prometheus

    /// The greatest of the series of that name, whatever their labels: of several timelines or slots the newest counts.
    /// One that is no position (NaN, below zero) fails the reading: it might have been the greatest.
    private func position(ofMetric metric: String) throws(PositionFailure) -> Position {
        let name = Array(metric.utf8)
        var greatest: Position?
        for line in body.split(separator: UInt8(ascii: "\n")) where line.starts(with: name) {
            guard let value = PositionPage.value(after: line.dropFirst(name.count)) else { continue }
            let position: Position
            do throws(PositionFailure) { position = try Position(value) } catch {
                throw PositionFailure("\(metric): \(error)")
            }
            greatest = max(greatest ?? position, position)
        }
        guard let greatest else { throw PositionFailure("the page has no metric \(metric)") }
        return greatest
    }

    /// Of a sample, whose name ended here: behind labels, and before its time (text format 0.0.4). Nil: the name goes
    /// on, so it is another's.
    private static func value(after rest: ArraySlice<UInt8>) -> String? {
        var rest = rest
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        if rest.first == UInt8(ascii: "{") {
            guard let end = endOfLabels(rest) else { return "" }
            rest = rest[(end + 1)...]
        } else if rest.first.map(isSpace) != true {
            return nil
        }
        return String(decoding: rest.drop(while: isSpace).prefix { !isSpace($0) && $0 != 0x0D }, as: UTF8.self)
    }

    /// The brace that no quotes hold.
    private static func endOfLabels(_ text: ArraySlice<UInt8>) -> Int? {
        var (isQuoted, isEscaped) = (false, false)
        for (place, byte) in zip(text.indices, text) {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "}"), !isQuoted {
                return place
            }
        }
        return nil
    }

    // MARK: JSON

    /// A number, or a text that holds one: numbers beyond 2⁵³ are often written so.
    private func position(at pointer: String) throws(PositionFailure) -> Position {
        let decoder = JSONDecoder()
        decoder.userInfo[PointedScalar.steps] = PointedScalar.steps(of: pointer)
        let text: String?
        do { text = try decoder.decode(PointedScalar.self, from: Data(body)).text } catch {
            throw PositionFailure("the answer is not JSON")
        }
        guard let text else { throw PositionFailure("the answer has no number or text at \(pointer)") }
        return try Position(text)
    }
}

/// What a JSON pointer (RFC 6901) leads to; the rest of the document is passed over.
private struct PointedScalar: Decodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    static let steps = CodingUserInfoKey(rawValue: "steps") ?? { preconditionFailure("a key's name is any text") }()

    /// Nil: it leads nowhere, or to a list, an object, `true` or `null`.
    let text: String?

    static func steps(of pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
    }

    init(from decoder: any Decoder) throws {
        let steps = decoder.userInfo[PointedScalar.steps] as? [String] ?? []
        text = try? PointedScalar.text(decoder, steps[...])
    }

    private static func text(_ decoder: any Decoder, _ steps: ArraySlice<String>) throws -> String? {
        guard let step = steps.first else { return scalar(try decoder.singleValueContainer()) }
        if let object = try? decoder.container(keyedBy: Name.self) {
            return try text(object.superDecoder(forKey: Name(stringValue: step)), steps.dropFirst())
        }
        guard let place = Int(step), place >= 0, "\(place)" == step else { return nil }
        var list = try decoder.unkeyedContainer()
        for _ in 0..<place { _ = try list.superDecoder() }
        return try text(list.superDecoder(), steps.dropFirst())
    }

    private static func scalar(_ value: any SingleValueDecodingContainer) -> String? {
        if let text = try? value.decode(String.self) { return text }
        if let number = try? value.decode(UInt64.self) { return "\(number)" }
        return (try? value.decode(Decimal.self)).map { "\($0)" }
    }
}
