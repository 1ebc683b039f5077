import ControlPlane
import Crypto
import HTTPTypes
import Hummingbird
import Synchronization

/// What a client calls one change, so that asking again does not change twice.
struct IdempotencyKey: Equatable, Sendable {
    static let longest = 128

    let text: String
    /// SHA-256 of the request: the same key with another request is a mistake.
    let fingerprint: [UInt8]

    /// Nil: the request brought none.
    init?(_ request: Request, _ caller: Caller, body: [UInt8]) throws(AdminRefusal) {
        guard let text = request.headers[.idempotencyKey] else { return nil }
        let isVisible = text.utf8.allSatisfy { (33...126).contains($0) }
        guard isVisible, (1...IdempotencyKey.longest).contains(text.utf8.count) else {
            throw .wrong("idempotency-key: send 1 to \(IdempotencyKey.longest) visible ASCII characters")
        }
        self.text = text
        let parts = [request.method.rawValue, request.uri.path, request.uri.query ?? "", caller.name]
        fingerprint = IdempotencyKey.hash(parts.map { Array($0.utf8) } + [body])
    }

    /// Of a form of the dashboard, by what stands hidden in it and by all that it asks for: sent twice it is one
    /// change, but filled in anew after a step back it is another. Nil: nothing stands in it.
    init?(form key: String, asking parts: [String], _ caller: Caller) {
        if key.isEmpty { return nil }
        fingerprint = IdempotencyKey.hash(([key, caller.name] + parts).map { Array($0.utf8) })
        text = "form-" + HexText.lowercase(fingerprint)
    }

    private static func hash(_ parts: [[UInt8]]) -> [UInt8] {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: part)
        }
        return Array(hash.finalize())
    }
}

/// Keys of the changes that are being made now.
final class PendingKeys: Sendable {
    private let keys = Mutex<Set<String>>([])

    /// False: another request with the key is being worked on.
    func begin(_ key: IdempotencyKey) -> Bool { keys.withLock { $0.insert(key.text).inserted } }

    func end(_ key: IdempotencyKey) { keys.withLock { _ = $0.remove(key.text) } }
}
