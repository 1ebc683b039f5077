import Dispatch
import Glibc
import Synchronization

@testable import Discovery

/// A name server on a port that the kernel chose, on loopback and by UDP, for as long as it is held.
final class NameServerStub: Sendable {
    /// What it says to a name: a code (3: no such name) and records, of which it sends those of the type asked for and
    /// aliases; without records: nothing at all.
    struct Reply: Sendable {
        var code: UInt8 = 0
        var records: [DNSRecord]? = []
    }
    typealias Names = [String: Reply]

    let port: UInt16
    private let descriptor: Int32
    private let names: Mutex<Names>
    private let counts = Mutex<[String: Int]>([:])
    private let isOver = DispatchSemaphore(value: 0)

    init(_ names: Names) {
        self.names = Mutex(names)
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), Int32(IPPROTO_UDP))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(descriptor, $0, length) == 0, "no port for the name server")
                getsockname(descriptor, $0, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        DispatchQueue.global().async { [self] in serve() }
    }

    /// Its thread ends, then its socket.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        isOver.wait()
        close(descriptor)
    }

    /// Questions for a name so far.
    func count(of name: String) -> Int { counts.withLock { $0[name] ?? 0 } }

    private func serve() {
        var bytes = [UInt8](repeating: 0, count: 512)
        while true {
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length)
                }
            }
            guard count > 12 else { break }
            guard let answer = answer(to: bytes[..<count]) else { continue }
            withUnsafeMutablePointer(to: &peer) {
                _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, answer, answer.count, 0, $0, length)
                }
            }
        }
        isOver.signal()
    }

    private func answer(to question: ArraySlice<UInt8>) -> [UInt8]? {
        var (labels, at): ([String], Int) = ([], 12)
        while at < question.count, question[at] > 0 {
            let end = at + 1 + Int(question[at])
            labels.append(String(decoding: question[(at + 1)..<end], as: UTF8.self))
            at = end
        }
        let type = UInt16(question[at + 1]) << 8 | UInt16(question[at + 2])
        let name = labels.joined(separator: ".")
        counts.withLock { $0[name, default: 0] += 1 }
        let said = names.withLock { $0[name] ?? Reply(code: 3) }
        return said.records.map { records in
            DNSRecord.message(
                answering: question[..<(at + 5)], code: said.code, records.filter { [type, 5].contains($0.type) })
        }
    }
}
