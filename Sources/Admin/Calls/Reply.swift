import ControlPlane
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// What an operation answers.
struct Reply: Sendable {
    enum Body: Sendable {
        case none
        case bytes([UInt8], type: String)
        case stream(ResponseBody, type: String)
    }

    var status = HTTPResponse.Status.ok
    var body = Body.none
    var location: String?
    /// Becomes the `etag`.
    var generation: UInt64?
    /// The same answer was given before, to the same idempotency key.
    var isRepeated = false

    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, location: String? = nil, generation: UInt64? = nil
    ) throws -> Reply {
        var bytes = [UInt8](try AdminJSON.encode(value))
        bytes.append(0x0A)
        return Reply(
            status: status, body: .bytes(bytes, type: "application/json"), location: location, generation: generation)
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Reply {
        Reply(body: .bytes([UInt8](text.utf8), type: type))
    }

    /// A kept one.
    init(_ stored: StoredAnswer) {
        status = HTTPResponse.Status(code: stored.status)
        body = stored.body.isEmpty ? .none : .bytes(stored.body, type: "application/json")
        location = stored.location
    }

    init(
        status: HTTPResponse.Status = .ok, body: Body = .none, location: String? = nil, generation: UInt64? = nil
    ) {
        (self.status, self.body, self.location, self.generation) = (status, body, location, generation)
    }

    /// As it is kept for the key.
    func stored(under key: IdempotencyKey, at time: UInt64) -> StoredAnswer {
        var kept: [UInt8] = []
        if case .bytes(let bytes, _) = body { kept = bytes }
        return StoredAnswer(
            key: key.text, fingerprint: key.fingerprint, status: status.code, body: kept, location: location, at: time)
    }

    func response(requestID: String) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        headers[.location] = location
        if let generation { headers[.eTag] = "\"\(generation)\"" }
        if isRepeated { headers[.idempotencyReplayed] = "true" }
        headers[.xRequestID] = requestID
        switch body {
        case .none: return Response(status: status, headers: headers)
        case .bytes(let bytes, let type):
            headers[.contentType] = type
            return Response(
                status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let stream, let type):
            headers[.contentType] = type
            return Response(status: status, headers: headers, body: stream)
        }
    }
}

extension HTTPField.Name {
    static let xRequestID = HTTPField.Name("x-request-id") ?? .server
    static let idempotencyKey = HTTPField.Name("idempotency-key") ?? .server
    static let idempotencyReplayed = HTTPField.Name("idempotency-replayed") ?? .server
    static let lastEventID = HTTPField.Name("last-event-id") ?? .server
}
