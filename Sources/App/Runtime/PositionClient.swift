import AsyncHTTPClient
import ControlPlane
import Model

/// Reads positions over HTTP. One for the process; `stop` it at the end. Each source has one request under way at most,
/// so one connection at most.
struct PositionClient: Sendable {
    /// Of a whole read: a source that needs longer has failed this time (routing.md, Replication lag: every second).
    static let timeoutMilliseconds: UInt64 = 1_000
    /// Of the connection: less than the whole, so that a failure says what it was that took so long.
    private static let connectMilliseconds: UInt64 = 900
    private let client = OutgoingClient(
        connectMilliseconds: Int64(connectMilliseconds), readMilliseconds: 2 * Int64(timeoutMilliseconds))

    func read(_ source: Configuration.PositionSource) async -> Result<Position, PositionFailure> {
        do {
            let page = try await OutgoingClient.within(milliseconds: PositionClient.timeoutMilliseconds) {
                try await fetch(source)
            }
            guard let page else {
                return .failure(PositionFailure("no answer within \(PositionClient.timeoutMilliseconds) ms"))
            }
            do throws(PositionFailure) { return .success(try page.position(for: source)) } catch {
                return .failure(error)
            }
        } catch let failure as PositionFailure {
            return .failure(failure)
        } catch { return .failure(PositionFailure(OutgoingClient.words(for: error))) }
    }

    func stop() async { await client.stop() }

    private func fetch(_ source: Configuration.PositionSource) async throws -> PositionPage {
        let (url, accept, header): (String, String, String?) =
            switch source {
            case .prometheus(let url, _): (url, "text/plain; version=0.0.4", nil)
            case .json(let url, _): (url, "application/json", nil)
            case .header(let url, let name): (url, "*/*", name)
            }
        var request = OutgoingClient.request(url)
        request.headers.add(name: "accept", value: accept)
        let response = try await client.send(request, timeoutMilliseconds: 2 * PositionClient.timeoutMilliseconds)
        guard (200..<300).contains(response.status.code) else {
            throw PositionFailure("it answered \(response.status.code)")
        }
        // To its end, for the connection's sake, even where only a header counts.
        var body: [UInt8] = []
        for try await part in response.body {
            body += part.readableBytesView
            guard body.count <= PositionPage.maxBytes else {
                throw PositionFailure("the answer has more than \(PositionPage.maxBytes) octets")
            }
        }
        return PositionPage(body: body, header: header.flatMap { response.headers.first(name: $0) })
    }
}
