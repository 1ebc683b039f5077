import Foundation

/// One request at a `ScriptedBackend`, and what its script may do. State is guarded by the connection's condition.
final class BackendStream: @unchecked Sendable {
    let id: UInt32
    let fields: Fields
    let connection: BackendConnection
    var received: [UInt8] = []
    var receivedTrailers: Fields?
    var hasEnded: Bool
    var resetCode: UInt32?
    var window: Int
    /// Gives the edge the stream's window back as DATA comes; not where the request has `x-test-stall`.
    let creditsWindow: Bool

    init(_ id: UInt32, _ fields: Fields, on connection: BackendConnection, hasEnded: Bool, window: Int) {
        (self.id, self.fields, self.connection) = (id, fields, connection)
        (self.hasEnded, self.window) = (hasEnded, window)
        creditsWindow = !fields.has("x-test-stall")
    }

    var path: String { fields[":path"] ?? "" }
    var method: String { fields[":method"] ?? "" }

    // MARK: Saying

    func inform(_ status: Int, _ more: Fields = [:]) {
        connection.socket.write(Frame.headers(id, [":status": "\(status)"] + more, end: false))
    }

    /// The head of the answer; with `body` nil it ends the stream.
    func respond(_ status: Int, _ more: Fields = [:], end: Bool = true) {
        connection.socket.write(Frame.headers(id, [":status": "\(status)"] + more, end: end))
    }

    func respond(_ status: Int, _ more: Fields = [:], body: String) throws {
        respond(status, more, end: false)
        try send(Array(body.utf8), end: true)
    }

    /// Sends as the edge's windows allow; throws when it reset the stream or is gone.
    func send(_ bytes: [UInt8], end: Bool = false) throws {
        var position = 0
        repeat {
            let count = try room(for: min(16_384, bytes.count - position))
            let isLast = end && position + count == bytes.count
            connection.socket.write(Frame.data(id, Array(bytes[position..<position + count]), end: isLast))
            position += count
        } while position < bytes.count
    }

    private func room(for wanted: Int) throws -> Int {
        guard wanted > 0 else { return 0 }
        var count = 0
        try wait(for: "a window to send in", within: 60) {
            count = min(wanted, window, connection.window)
            return count > 0
        } then: {
            window -= count
            connection.spend(count)
        }
        return count
    }

    func trailers(_ fields: Fields) { connection.socket.write(Frame.headers(id, fields, end: true)) }
    func reset(_ code: UInt32) { connection.socket.write(Frame.reset(id, code)) }

    // MARK: Hearing

    /// The whole body, once the edge has ended it.
    func body(within seconds: Double = 10) throws -> [UInt8] {
        try wait(for: "the end of a request", within: seconds) { hasEnded }
        return received
    }

    /// What has come of the body, at least `count` octets.
    func body(atLeast count: Int, within seconds: Double = 10) throws -> [UInt8] {
        try wait(for: "\(count) octets of a request", within: seconds) { received.count >= count }
        return received
    }

    /// The code with which the edge resets the stream.
    func awaitReset(within seconds: Double = 10) throws -> UInt32 {
        var code: UInt32 = 0
        try wait(for: "a reset", within: seconds, evenIfReset: true) {
            resetCode != nil
        } then: {
            code = resetCode ?? 0
        }
        return code
    }

    /// Waits until the connection is gone or the stream was reset: for scripts that never answer.
    func hang(atMost seconds: Double = 30) { try? wait(for: "the end", within: seconds) { false } }

    private func wait(
        for what: String, within seconds: Double, evenIfReset: Bool = false, _ condition: () -> Bool,
        then act: () -> Void = {}
    ) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        try connection.state.withLock {
            while !condition() {
                if connection.isClosed { throw HarnessError("the edge closed the connection before \(what)") }
                if resetCode != nil, !evenIfReset { throw HarnessError("the edge reset the stream before \(what)") }
                guard connection.state.wait(until: deadline) else { throw HarnessError("in vain: \(what)") }
            }
            act()
        }
    }
}
