import Glibc
import HTTP2
import Model
import Reactor
import Support

/// An endpoint at a Unix socket that says what the test has it say, when the test has it say it.
final class EndpointStub {
    let address: Address
    private let folder: String
    private let listener: Int32
    private var descriptor: Int32 = -1
    private var rest: [UInt8] = []
    /// Streams of requests that came, oldest first.
    private(set) var requests: [UInt32] = []
    /// Streams that the edge has reset.
    private(set) var resets: [UInt32] = []
    private(set) var bodyBytes = 0

    init() throws {
        var template = Array("/tmp/portolan-endpoint-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no temporary folder")
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        address = .unix(path: folder + "/socket")
        listener = try Socket.listen(on: address, reusePort: false, backlog: 8).release()
    }

    deinit {
        for descriptor in [listener, descriptor] where descriptor >= 0 { close(descriptor) }
        unlink(folder + "/socket")
        rmdir(folder)
    }

    /// Greets a connection if one waits, and hears what was said on it.
    func hear() {
        if descriptor < 0 {
            descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            rest = []
            say(settings())
        }
        var room = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &room, room.count)
            guard count > 0 else { break }
            rest += room[..<count]
        }
        if rest.starts(with: Frame.preface) { rest.removeFirst(Frame.preface.count) }
        let (frames, left) = Frame.read(rest)
        rest = left
        for frame in frames {
            switch frame.type {
            case 0: bodyBytes += frame.payload.count
            case 1: requests.append(frame.stream)
            case 3: resets.append(frame.stream)
            default: break
            }
        }
    }

    func say(_ frames: Frame...) {
        let bytes = frames.flatMap(\.bytes)
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        precondition(count == bytes.count, "the socket is full")
    }

    /// Closes its connection.
    func breakOff() {
        close(descriptor)
        descriptor = -1
    }
}
