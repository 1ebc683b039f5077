import Model
import Testing

struct ByteViewTests {
    @Test func tellsAbsentFromEmpty() {
        let (absent, empty) = (ByteView.absent, ByteView(""))
        #expect(absent.isAbsent && absent.isEmpty)
        #expect(!empty.isAbsent && empty.isEmpty)
        #expect(absent.dropFirst(3).isAbsent)
        #expect(absent.prefix(3).isAbsent)
        #expect(absent.text == "")
        #expect(absent.raw.isEmpty)
    }

    @Test func isCutAtEitherEnd() {
        let view: ByteView = "x-region"
        #expect(view.prefix(1).text == "x")
        #expect(view.prefix(100).text == "x-region")
        #expect(view.prefix(0).isEmpty)
        #expect(view.dropFirst(2).text == "region")
        #expect(view.dropFirst(100).isEmpty)
        #expect(!view.dropFirst(100).isAbsent)
        #expect(view[2] == UInt8(ascii: "r"))
        #expect(view.firstIndex(of: UInt8(ascii: "-")) == 1)
        #expect(view.firstIndex(of: UInt8(ascii: "!")) == nil)
    }

    static let rows: [(StaticString, StaticString, equal: Bool, folded: Bool, prefix: Bool)] = [
        ("", "", true, true, true), ("a", "", false, false, true), ("", "a", false, false, false),
        ("host", "host", true, true, true), ("Host", "host", false, true, false), ("HOST", "host", false, true, false),
        ("hosts", "host", false, false, true), ("host", "hosts", false, false, false),
        ("hosT", "hose", false, false, false),
        // Only letters fold: these pairs differ by the same bit as a letter's case.
        ("@", "`", false, false, false), ("[", "{", false, false, false), ("\u{C4}", "\u{E4}", false, false, false),
        ("AZ", "az", false, true, false), ("a-z_0", "a-z_0", true, true, true),
    ]

    @Test("is compared byte by byte", arguments: rows)
    func compares(a: StaticString, b: StaticString, equal: Bool, folded: Bool, prefix: Bool) {
        let (a, b) = (ByteView(a), ByteView(b))
        #expect(a.equals(b) == equal)
        #expect(a.equalsIgnoringCase(lowercase: b) == folded)
        #expect(a.hasPrefix(b) == prefix)
    }

    @Test func foldsAsASCIIDoes() {
        for byte in UInt8.min...UInt8.max {
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            #expect(ByteView.lowercased(byte) == (isUpper ? byte + 32 : byte))
        }
    }

    @Test func repairsTextThatIsNotUTF8() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62]
        #expect(bytes.withUnsafeBytes { ByteView($0).text } == "a\u{FFFD}b")
    }
}
