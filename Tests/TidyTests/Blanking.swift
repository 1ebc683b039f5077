/// Replaces comments and the insides of string literals by blanks, so that rules see code alone.
///
/// Interpolations stay: what stands in them is code. Regular expression literals are not known to it.
struct Blanking {
    private let bytes: [UInt8]
    private var out: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        out = bytes
    }

    mutating func run() -> [UInt8] {
        code(untilParenthesis: false)
        return out
    }

    private func starts(with text: StaticString, at offset: Int = 0) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return bytes.dropFirst(position + offset).starts(with: wanted)
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] != UInt8(ascii: "\n") { out[position] = UInt8(ascii: " ") }
            position += 1
        }
    }

    /// Code up to the end, or past the parenthesis that closes an interpolation.
    private mutating func code(untilParenthesis: Bool) {
        var depth = 1
        while position < bytes.count {
            if starts(with: "//") {
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { blank() }
            } else if starts(with: "/*") {
                blockComment()
            } else if let hashes = stringStart() {
                string(hashes: hashes)
            } else {
                if bytes[position] == UInt8(ascii: "(") { depth += 1 }
                if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
                position += 1
                if untilParenthesis, depth == 0 { return }
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                blank(2)
            } else if starts(with: "*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < bytes.count
    }

    /// How many `#` stand before the quote here; nil where no string begins.
    private func stringStart() -> Int? {
        var hashes = 0
        while position + hashes < bytes.count, bytes[position + hashes] == UInt8(ascii: "#") { hashes += 1 }
        return starts(with: "\"", at: hashes) ? hashes : nil
    }

    private func areHashes(_ count: Int, at offset: Int) -> Bool {
        (0..<count).allSatisfy {
            position + offset + $0 < bytes.count && bytes[position + offset + $0] == UInt8(ascii: "#")
        }
    }

    private mutating func string(hashes: Int) {
        position += hashes
        let quotes = starts(with: "\"\"\"") ? 3 : 1
        position += quotes
        while position < bytes.count {
            let closes = quotes == 3 ? starts(with: "\"\"\"") : starts(with: "\"")
            if closes, areHashes(hashes, at: quotes) {
                position += quotes + hashes
                return
            }
            if quotes == 1, bytes[position] == UInt8(ascii: "\n") { return }  // not a string after all
            if starts(with: "\\"), areHashes(hashes, at: 1) {
                if starts(with: "(", at: 1 + hashes) {
                    blank(1 + hashes)
                    position += 1
                    code(untilParenthesis: true)
                } else {
                    blank(2 + hashes)
                }
            } else {
                blank()
            }
        }
    }
}
