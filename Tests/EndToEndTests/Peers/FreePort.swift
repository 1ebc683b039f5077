import Foundation

/// A port that the kernel says is free, for programs that cannot be told to take any.
enum FreePort {
    static func next() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = FrameSocket.loopback(0)
        var size = socklen_t(16)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard result else { throw HarnessError("no free port: errno \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Waits until somebody listens there.
    static func waitUntilOpen(_ port: UInt16, _ process: ChildProcess) throws {
        try Patience.wait(for: "\(process.name) to listen") {
            if let status = process.exitStatus {
                throw HarnessError("\(process.name) ended with \(status): \(process.output)\(process.errors)")
            }
            return (try? FrameSocket(port: port)) != nil
        }
    }
}
