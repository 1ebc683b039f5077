import HTTP2
import Model
import Support

/// A client's and a server's session joined in memory. What passes is written down, `>` from the client.
final class Link {
    let client: Side<UpstreamSession>
    let server: Side<DownstreamSession>
    private(set) var transcript: [String] = []
    private var torn: (toServer: [UInt8], toClient: [UInt8]) = ([], [])

    init(client: Limits = .pinned, server: Limits = .pinned) {
        (self.client, self.server) = (Side<UpstreamSession>(client), Side<DownstreamSession>(server))
    }

    /// Past SETTINGS, which are forgotten.
    static func greeted(client: Limits = .pinned, server: Limits = .pinned) -> Link {
        let link = Link(client: client, server: server)
        link.settle()
        link.transcript = []
        _ = (link.client.owner.takeSaid(), link.server.owner.takeSaid())
        return link
    }

    /// Carries octets both ways until neither side has any.
    func settle() {
        while toServer() + toClient() > 0 {}
    }

    /// What the client has to say, once over.
    @discardableResult func toServer() -> Int {
        let bytes = client.drain()
        let count = bytes.count
        note(bytes, ">", &torn.toServer)
        server.feed(bytes)
        return count
    }

    @discardableResult func toClient() -> Int {
        let bytes = server.drain()
        note(bytes, "<", &torn.toClient)
        client.feed(bytes)
        return bytes.count
    }

    private func note(_ bytes: [UInt8], _ mark: String, _ rest: inout [UInt8]) {
        let bytes = bytes.starts(with: Frame.preface) ? Array(bytes.dropFirst(Frame.preface.count)) : bytes
        let (frames, left) = Frame.read(rest + bytes)
        rest = left
        transcript += frames.map { "\(mark) \($0.text)" }
    }

    /// Opens a stream; with a body, END_STREAM comes from the body.
    @discardableResult func request(
        _ method: String = "GET", body: Recorder.Body? = nil, tag: StreamTag = 0,
        _ more: KeyValuePairs<String, String> = [:]
    ) -> StreamID {
        var fields = [(":method", method), (":scheme", "https"), (":path", "/"), (":authority", "a.example")]
        fields += more.map { ($0.key, $0.value) }
        let stream = client.session.request(client.block(fields), tag: tag, isEnd: body == nil)
        if let stream { client.owner.bodies[stream] = body }
        return stream ?? 0
    }

    func respond(_ stream: StreamID, _ fields: KeyValuePairs<String, String>, body: Recorder.Body? = nil) {
        server.owner.bodies[stream] = body
        server.session.respond(stream, server.block(fields.map { ($0.key, $0.value) }), isEnd: body == nil)
    }
}
