import AsyncHTTPClient
import Testing

@testable import App

struct ConnectionFaultTests {
    private static func text(_ text: String) -> any Error { ScriptedTransport.Broken(description: text) }

    static let rows: [(any Error, ConnectionFault)] = [
        (HTTPClientError.connectTimeout, .refused("connect timeout")),
        (HTTPClientError.remoteConnectionClosed, .broken("remote connection closed")),
        (HTTPClientError.deadlineExceeded, .silent("deadline exceeded")),
        (text("connect(): Connection refused (errno: 111)"), .refused("connection refused")),
        (text("connect: Permission denied"), .forbidden),
        (text("read(): Connection reset by peer (errno: 104)"), .broken("the connection broke")),
        (text("something\nelse"), .broken("something")),
    ]
    @Test("whether it may have been taken, and the part that says something", arguments: rows)
    func sorts(error: any Error, fault: ConnectionFault) { #expect(ConnectionFault(error) == fault) }

    @Test("what is wrong with TLS says which option mends it")
    func encryption() {
        let untrusted = ConnectionFaultTests.text("handshakeError(sslError([error: CERTIFICATE_VERIFY_FAILED]))")
        #expect(ConnectionFault(untrusted).words.contains("--cacert"))
        #expect(ConnectionFault(ConnectionFaultTests.text("TLSV1_ALERT_CERTIFICATE_REQUIRED")).words.contains("--cert"))
        let plain = ConnectionFaultTests.text("handshakeFailed(error:100000f7:…:WRONG_VERSION_NUMBER)")
        #expect(ConnectionFault(plain).words.contains("http://"))
        #expect(ConnectionFault(ConnectionFaultTests.text("failedToLoadPrivateKey")).words.contains("--key"))
        #expect(ConnectionFault(ConnectionFaultTests.text("uncleanShutdown")) == .broken("the connection broke"))
    }
}
