import Glibc
import Reactor
import Testing

struct SystemErrorTests {
    @Test func saysCallAndCause() {
        let error = SystemError(call: "bind", code: EADDRINUSE)
        #expect(error.description == "bind: Address already in use (98)")
        #expect(error != SystemError(call: "listen", code: EADDRINUSE))
        #expect(error != SystemError(call: "bind", code: EACCES))
    }
}
