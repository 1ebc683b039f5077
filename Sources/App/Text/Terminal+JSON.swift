import Admin
import Foundation

extension Terminal {
    /// On standard output, for programs.
    static func out(json value: some Encodable) throws { out(json: try AdminJSON.encode(value)) }

    /// What is JSON already.
    static func out(json data: Data) { out(String(decoding: data, as: UTF8.self)) }
}
