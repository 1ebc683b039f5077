import ControlPlane
import Foundation
import Store

extension ChangeContext {
    /// - Parameter key: the answer is remembered under it, as JSON.
    static func test(ifMatch: UInt64? = nil, key: String? = nil) -> ChangeContext {
        ChangeContext(
            caller: Caller(name: "ops", role: .operator, from: "127.0.0.1"), action: "test", detail: "{}",
            ifMatch: ifMatch
        ) { value in
            guard let key, let body = try? JSONEncoder().encode(value) else { return nil }
            return StoredAnswer(key: key, fingerprint: [], status: 200, body: Array(body), location: nil, at: 1)
        }
    }
}
