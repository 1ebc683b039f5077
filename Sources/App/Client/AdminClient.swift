import Admin
import Foundation
import Glibc

/// Reads an edge's admin API, and asks it for changes.
struct AdminClient: Sendable {
    /// A change is sent again this often while its first sending is still being carried out, with this pause.
    private static let patience = 20
    private static let pauseMilliseconds = 250

    let location: AdminLocation
    let transport: any AdminTransport

    /// The body of a 2xx. What broke on the way is sent once more: reading changes nothing, and a change carries a key
    /// by which the edge knows it again.
    /// - Throws: unreachable, or what the API refused.
    func send(_ request: AdminRequest) async throws(CommandFailure) -> Data {
        try checkSocket()
        var (isRepeated, left) = (false, AdminClient.patience)
        while true {
            let answer: (status: Int, body: Data)
            do { answer = try await transport.answer(to: request) } catch {
                let fault = ConnectionFault(error)
                guard case .broken = fault, !isRepeated else { throw failure(fault, request) }
                isRepeated = true
                continue
            }
            if 200..<300 ~= answer.status { return answer.body }
            let refusal = Refusal(answer.body)
            guard isRepeated, left > 0, (refusal.reason ?? refusal.code) == "idempotency_in_progress" else {
                throw CommandFailure(
                    .refused, refusal.words(status: answer.status, location: location),
                    passes: answer.status == 429 || answer.status == 503)
            }
            left -= 1
            try? await Task.sleep(for: .milliseconds(AdminClient.pauseMilliseconds))
        }
    }

    func get<Value: Decodable>(_ type: Value.Type, _ path: String) async throws(CommandFailure) -> Value {
        try decode(type, try await send(.get(path)))
    }

    func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws(CommandFailure) -> Value {
        do { return try AdminJSON.decode(type, from: data) } catch {
            throw CommandFailure(
                .refused, "the answer of \(location) is not understood; is it an edge of version \(Version.current)?")
        }
    }

    /// All items of a list, page by page.
    func all<Item: Decodable & Sendable>(
        _ type: Item.Type, _ path: String, pageSize: Int = 1_000
    ) async throws(CommandFailure) -> [Item] {
        try await list(type, path, pageSize: pageSize).items
    }

    /// The same, and the answer as it came where one page held all of it.
    func list<Item: Decodable & Sendable>(
        _ type: Item.Type, _ path: String, pageSize: Int = 1_000
    ) async throws(CommandFailure) -> (items: [Item], raw: Data?) {
        var (items, after, raw) = ([Item](), String?.none, Data?.none)
        repeat {
            let query: [(name: String, value: String?)] = [("limit", "\(pageSize)"), ("after", after)]
            let data = try await send(.get(AdminRequest.path(path, query)))
            let page = try decode(Page<Item>.self, data)
            raw = items.isEmpty && page.next == nil ? data : nil
            items += page.items
            // A page that brings nothing would be asked for again and again.
            after = page.items.isEmpty ? nil : page.next
        } while after != nil
        return (items, raw)
    }

    /// - Throws: unreachable when the file is not there or not ours to open; async-http-client would try for seconds.
    func checkSocket() throws(CommandFailure) {
        guard case .socket(let file) = location, access(file, R_OK | W_OK) != 0 else { return }
        switch errno {
        case EACCES: throw failure(.forbidden, .get("/"))
        case ENOENT: throw failure(.refused("there is no such socket"), .get("/"))
        default: throw failure(.refused(String(cString: strerror(errno)).lowercased()), .get("/"))
        }
    }

    func failure(_ fault: ConnectionFault, _ request: AdminRequest) -> CommandFailure {
        let message =
            switch fault {
            case .forbidden:
                "\(location): \(fault.words): the socket is for the edge's user and root; become one, or give --admin "
                    + "URL and a token"
            case .refused(let words):
                "no admin API at \(location): \(words); is `portolan serve` running? --admin names another"
            case .distrusted(let words): "no conversation with \(location): \(words)"
            case .broken, .silent: unanswered(fault, request)
            }
        return CommandFailure(.unreachable, message)
    }

    private func unanswered(_ fault: ConnectionFault, _ request: AdminRequest) -> String {
        guard let key = request.idempotencyKey else {
            let doubt = location.isPlain ? "overloaded, restarting, or https" : "overloaded or restarting"
            return "no answer from \(location): \(fault.words); is it \(doubt)? Try again"
        }
        return
            "no answer from \(location): \(fault.words); the change may have been made: repeat the same command with "
            + "--idempotency-key \(key), which makes it once"
    }
}
