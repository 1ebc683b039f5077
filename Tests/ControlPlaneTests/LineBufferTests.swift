import ControlPlane
import Model
import Testing

struct LineBufferTests {
    static let escapes: [([UInt8], String)] = [
        (Array("plain /path?a=b&c".utf8), "plain /path?a=b&c"),
        (Array("".utf8), ""),
        (Array("say \"hi\"".utf8), "say \\\"hi\\\""),
        (Array("back\\slash".utf8), "back\\\\slash"),
        ([0x61, 0x0A, 0x0D, 0x09, 0x62], "a\\n\\r\\tb"),
        ([0x00, 0x1F, 0x7F], "\\u0000\\u001f\\u007f"),
        (Array("grüße 日本 🚢".utf8), "grüße 日本 🚢"),
        ([0x80], "\\ufffd"),
        ([0x61, 0xFF, 0x62], "a\\ufffdb"),
        ([0xC0, 0xAF], "\\ufffd\\ufffd"),  // an overlong slash
        ([0xC3], "\\ufffd"),  // cut off
        ([0xE2, 0x82], "\\ufffd\\ufffd"),
        ([0xE0, 0x80, 0x80], "\\ufffd\\ufffd\\ufffd"),
        ([0xED, 0xA0, 0x80], "\\ufffd\\ufffd\\ufffd"),  // a surrogate
        ([0xF0, 0x8F, 0xBF, 0xBF], "\\ufffd\\ufffd\\ufffd\\ufffd"),
        ([0xF4, 0x8F, 0xBF, 0xBF], "\u{10FFFF}"),
        ([0xF4, 0x90, 0x80, 0x80], "\\ufffd\\ufffd\\ufffd\\ufffd"),
        ([0xF0, 0x9F, 0x9A, 0x22], "\\ufffd\\ufffd\\ufffd\\\""),
    ]

    @Test("any bytes make a valid JSON string", arguments: escapes)
    func staysValid(bytes: [UInt8], expected: String) {
        var line = LineBuffer()
        bytes.withUnsafeBytes { line.append(quoted: $0) }
        #expect(line.text == "\"\(expected)\"")
    }

    @Test(arguments: [(UInt64(0), "0"), (9, "9"), (10, "10"), (1_234_567, "1234567"), (.max, "18446744073709551615")])
    func writesDecimals(value: UInt64, expected: String) {
        var line = LineBuffer()
        line.append(value)
        #expect(line.text == expected)
    }

    @Test(arguments: [(UInt64(0), 1, "0"), (0, 2, "00"), (7, 2, "07"), (42, 6, "000042"), (123, 2, "123")])
    func padsDecimals(value: UInt64, width: Int, expected: String) {
        var line = LineBuffer()
        line.append(value, width: width)
        #expect(line.text == expected)
    }

    /// The output is UTF-8 without controls and with as many unescaped quotes as its two own, whatever went in.
    @Test(arguments: [1, 2, 3, UInt64.random(in: 0 ... .max)])
    func anyBytesStayInsideTheirQuotes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for round in 0..<500 {
            let bytes = (0..<Int(random.next(below: 40))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            var line = LineBuffer()
            bytes.withUnsafeBytes { line.append(quoted: $0) }
            let isSound = String(validating: line.bytes, as: UTF8.self) != nil && isOneString(line.bytes)
            try #require(isSound, "seed \(random.seed), round \(round), \(bytes)")
        }
    }

    private func isOneString(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == 0x22, bytes.last == 0x22, bytes.count >= 2 else { return false }
        var isEscaped = false
        for byte in bytes[1..<bytes.count - 1] {
            if byte < 0x20 || byte == 0x22 && !isEscaped { return false }
            isEscaped = byte == 0x5C && !isEscaped
        }
        return !isEscaped
    }
}
