import Foundation

/// One call of the admin API.
struct AdminRequest: Equatable, Sendable {
    var method: AdminMethod
    /// With its query.
    var path: String
    var body: Data?
    /// Of the body.
    var mediaType = "application/json"
    /// Generation that the change was thought out for; nil: any.
    var ifMatch: UInt64?
    /// The same for every attempt at one change, so that it is made once. Nil: nothing is changed.
    var idempotencyKey: String?

    static func get(_ path: String) -> AdminRequest { AdminRequest(method: .get, path: path) }

    /// 128 bits, as drawn by the caller.
    static func key(_ high: UInt64, _ low: UInt64) -> String {
        func digits(_ word: UInt64) -> String {
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return digits(high) + digits(low)
    }

    /// A name as a part of a path, or a value of a query.
    static func escaped(_ name: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  // RFC 3986 §2.3
        return name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? name
    }

    /// `path` with those of the values that are there.
    static func path(_ path: String, _ query: [(name: String, value: String?)]) -> String {
        let parts = query.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
        return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
    }
}
