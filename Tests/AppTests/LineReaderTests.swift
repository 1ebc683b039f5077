import Glibc
import Testing

@testable import App

struct LineReaderTests {
    static let rows: [(text: String, lines: [String])] = [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("\n", [""]),
        (String(repeating: "x", count: 700_000) + "\ny", [String(repeating: "x", count: 700_000), "y"]),
    ]

    @Test("lines come whole, the last one with or without its end", arguments: rows.indices)
    func reads(index: Int) throws {
        let (text, lines) = LineReaderTests.rows[index]
        var template = Array("/tmp/portolan-lines-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        unlink(template)
        let bytes = Array(text.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count && lseek(descriptor, 0, SEEK_SET) == 0)
        var reader = LineReader(descriptor)
        var read: [String] = []
        while let line = reader.next() { read.append(String(decoding: line, as: UTF8.self)) }
        #expect(read == lines && reader.error == 0)
    }

    @Test func aFolderHasNoLines() throws {
        let descriptor = open("/tmp", O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var reader = LineReader(descriptor)
        #expect(reader.next() == nil && reader.error == EISDIR)
    }
}
