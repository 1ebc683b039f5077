/// One Swift file: where it stands, what it says, and what it says without comments and the insides of strings.
struct SourceFile {
    /// Relative to the root: `Sources/Policy/Decision.swift`.
    let path: String
    let text: String
    /// Same length and same lines as the text; comments and string contents are blanks.
    let code: [UInt8]

    init(_ path: String, _ text: String) {
        (self.path, self.text) = (path, text)
        var blanking = Blanking(text)
        code = blanking.run()
    }

    /// The folder under Sources or Tests: `Policy`, `PolicyTests`.
    var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    /// The last part of the path without `.swift`.
    var name: String { String(path.split(separator: "/").last?.dropLast(6) ?? "") }
    var codeText: String { String(decoding: code, as: UTF8.self) }
    var codeLines: [Substring] { codeText.split(separator: "\n", omittingEmptySubsequences: false) }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The line of a byte, from 1.
    func line(at offset: Int) -> Int { code[..<offset].count { $0 == UInt8(ascii: "\n") } + 1 }

    /// Every place of a word of the language, as offsets of its first byte.
    func offsets(of word: String) -> [Int] {
        let wanted = Array(word.utf8)
        guard code.count >= wanted.count else { return [] }
        return (0...(code.count - wanted.count)).filter { start in
            code[start] == wanted[0] && code[start..<(start + wanted.count)].elementsEqual(wanted)
                && (start == 0 || !isWordByte(code[start - 1]))
                && (start + wanted.count == code.count || !isWordByte(code[start + wanted.count]))
        }
    }
}

func isWordByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
}
