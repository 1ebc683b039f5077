import Glibc
import Model
import Reactor
import Testing

struct SocketTests {
    @Test func writesUntilNothingFitsAndReadsItAll() {
        let pair = SocketPair()
        let chunk = [UInt8](repeating: 7, count: 50_000)
        var (written, read) = (0, 0)
        var last = IOResult.bytes(0)
        while case .bytes(let count) = last {
            written += count
            last = chunk.withUnsafeBytes { pair.near.write($0) }
        }
        #expect(last == .wouldBlock)
        #expect(written > 50_000)
        while case (.bytes(let count), _) = pair.far.receive(atMost: 10_000) { read += count }
        #expect(read == written)
    }

    @Test func saysHowAPeerEnded() {
        let pair = SocketPair()
        let early = pair.near.receive()
        #expect(early.result == .wouldBlock)
        pair.far.close()
        let (read, write) = (pair.near.receive(), pair.near.send("too late"))
        #expect(read.result == .endOfStream)
        #expect(write == .failed(EPIPE))  // and no SIGPIPE: this process goes on
    }

    @Test func writesNothingAtAll() {
        let pair = SocketPair()
        let (empty, read) = (pair.near.send(""), pair.far.receive())
        #expect(empty == .bytes(0))
        #expect(read.result == .wouldBlock)
    }

    @Test func closesWithItsScopeUnlessReleased() {
        let pair = SocketPair()
        let descriptor = pair.near.release()
        let open = pair.far.receive()
        #expect(open.result == .wouldBlock)
        Socket(adopting: descriptor).close()
        let closed = pair.far.receive()
        #expect(closed.result == .endOfStream)
    }
}
