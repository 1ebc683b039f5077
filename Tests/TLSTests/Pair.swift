import TLS

/// A client and a server whose ciphertext is carried by hand.
struct Pair {
    /// One end: its session, what is on the way to it, what it has read, and where it stands.
    struct End {
        let session: Session
        var inFlight: [UInt8] = []
        var read: [UInt8] = []
        var status = Session.Status.handshaking
    }

    var client: End
    var server: End

    init(_ client: Session, _ server: Session) {
        (self.client, self.server) = (End(session: client), End(session: server))
        Pair.receive(&self.client, 0, answerTo: &self.server)
    }

    init(
        _ client: ClientContext, _ server: ServerContext, name: String = "localhost",
        resuming ticket: ResumptionTicket? = nil
    ) throws {
        self.init(try Session(client: client, serverName: name, resuming: ticket), try Session(server: server))
    }

    /// Carries everything both ways until nothing is on the way, in pieces of the size that `piece` says.
    mutating func settle(piece: () -> Int = { .max }) {
        while !client.inFlight.isEmpty || !server.inFlight.isEmpty {
            if !server.inFlight.isEmpty { Pair.receive(&server, piece(), answerTo: &client) }
            if !client.inFlight.isEmpty { Pair.receive(&client, piece(), answerTo: &server) }
        }
    }

    /// The client says `bytes`; they are on the way to the server.
    mutating func clientSends(_ bytes: [UInt8]) { Pair.send(bytes, from: &client, to: &server) }
    mutating func serverSends(_ bytes: [UInt8]) { Pair.send(bytes, from: &server, to: &client) }

    static func receive(_ end: inout End, _ count: Int, answerTo peer: inout End) {
        let input = Array(end.inFlight.prefix(count))
        end.inFlight.removeFirst(input.count)
        let result = call(end.session, input)
        end.read += result.plaintext
        end.status = result.status
        peer.inFlight += result.ciphertext
    }

    private static func send(_ bytes: [UInt8], from end: inout End, to peer: inout End) {
        var room = [UInt8](repeating: 0, count: Session.ciphertextBound(bytes.count))
        let session = end.session
        let progress = room.withUnsafeMutableBytes { room in
            bytes.withUnsafeBytes { session.send($0, ciphertext: room) }
        }
        end.status = progress.status
        peer.inFlight += room[..<progress.ciphertextCount]
    }

    /// `receive` with buffers of the promised size, or of the sizes given.
    static func call(
        _ session: Session, _ input: [UInt8], plaintextRoom: Int? = nil, ciphertextRoom: Int = 65_536
    ) -> (plaintext: [UInt8], ciphertext: [UInt8], status: Session.Status) {
        var plaintext = [UInt8](repeating: 0, count: plaintextRoom ?? input.count + 17_408)
        var ciphertext = [UInt8](repeating: 0, count: ciphertextRoom)
        let progress = plaintext.withUnsafeMutableBytes { plaintext in
            ciphertext.withUnsafeMutableBytes { ciphertext in
                input.withUnsafeBytes { session.receive($0, plaintext: plaintext, ciphertext: ciphertext) }
            }
        }
        return (
            Array(plaintext[..<progress.plaintextCount]), Array(ciphertext[..<progress.ciphertextCount]),
            progress.status
        )
    }

    static func close(_ session: Session) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: Session.ciphertextBound(0))
        let count = room.withUnsafeMutableBytes { session.close(ciphertext: $0) }
        return Array(room[..<count])
    }
}

extension Session.Status {
    /// Why it failed; nil when it did not.
    var reason: TLSError.Reason? {
        if case .failed(let error) = self { error.reason } else { nil }
    }
}
