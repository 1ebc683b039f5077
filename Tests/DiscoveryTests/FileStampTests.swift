import Discovery
import Glibc
import Testing

struct FileStampTests {
    /// Written in place, renamed into place, gone.
    @Test func anotherContentHasAnotherStamp() throws {
        let path = "/tmp/portolan-stamp-\(getpid())"
        defer { unlink(path) }
        try FileStampTests.write("one", path)
        let first = try #require(FileStamp(path: path))
        #expect(FileStamp(path: path) == first)
        try FileStampTests.write("three", path)
        let second = try #require(FileStamp(path: path))
        #expect(second != first)
        try FileStampTests.write("three", path + ".new")
        rename(path + ".new", path)
        #expect(try #require(FileStamp(path: path)) != second)
        unlink(path)
        #expect(FileStamp(path: path) == nil)
    }

    private static func write(_ text: String, _ path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }
}
