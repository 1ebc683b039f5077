import Foundation
import Glibc
import Testing

@testable import ControlPlane

struct LogFileTests {
    /// Opened as files are, it would wait here for good.
    @Test("a named pipe that nobody reads is refused at once, and taken when somebody does")
    func namedPipe() throws {
        let path = "/tmp/portolan-log-\(getpid()).pipe"
        try #require(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let error = #expect(throws: LogFileError.self) { try LogFile(path: path) }
        #expect(error?.description.contains("nobody reads the pipe") == true)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let file = try LogFile(path: path)
        #expect(file.write(Array("a line\n".utf8)))
        var bytes = [UInt8](repeating: 0, count: 64)
        #expect(read(reader, &bytes, bytes.count) == 7)
        // Full, and nobody reads: given up, not waited for.
        let much = [UInt8](repeating: 0x0A, count: 1 << 20)
        #expect(!file.write(much) && file.failures == 1)
    }
}
