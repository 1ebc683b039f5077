import Glibc
import Testing

@testable import Probes

struct ProbeFailureTests {
    static let rows: [(Int32, String, Bool)] = [
        (ECONNREFUSED, "connection refused", false),
        (ECONNRESET, "connection reset before an answer", true),
        (EPIPE, "connection reset before an answer", true),
        (EHOSTUNREACH, "no route to the address", false),
        (EMFILE, "the edge has no descriptor left", false),
        (EACCES, "permission denied", false),
    ]

    @Test("an errno in words", arguments: rows)
    func says(code: Int32, detail: String, isSilentEnd: Bool) {
        #expect(ProbeFailure(errno: code) == ProbeFailure(detail, isSilentEnd: isSilentEnd))
    }
}
