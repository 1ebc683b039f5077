import Foundation
import Synchronization

@testable import App

/// An admin API that answers as its script says, and keeps what it was asked.
final class ScriptedTransport: AdminTransport {
    enum Step: Sendable {
        case answer(Int, String)
        case fails(any Error)
        /// A stream: its chunks, and how it ends.
        case stream([String], any Error)
    }
    struct Broken: Error, CustomStringConvertible { let description: String }

    private struct State {
        var steps: [Step]
        var requests: [AdminRequest] = []
        var lastEventIDs: [String?] = []
    }
    private let state: Mutex<State>

    init(_ steps: [Step]) { state = Mutex(State(steps: steps)) }

    var requests: [AdminRequest] { state.withLock { $0.requests } }
    var lastEventIDs: [String?] { state.withLock { $0.lastEventIDs } }
    var client: AdminClient { AdminClient(location: .url("http://127.0.0.1:1"), transport: self) }

    private func next(_ request: AdminRequest) -> Step {
        state.withLock { state in
            state.requests.append(request)
            return state.steps.isEmpty ? .fails(Broken(description: "connection refused")) : state.steps.removeFirst()
        }
    }

    func answer(to request: AdminRequest) async throws -> (status: Int, body: Data) {
        switch next(request) {
        case .answer(let status, let body): return (status, Data(body.utf8))
        case .fails(let error), .stream(_, let error): throw error
        }
    }

    func stream(
        _ path: String, lastEventID: String?
    ) async throws -> (status: Int, chunks: AsyncThrowingStream<[UInt8], any Error>) {
        state.withLock { $0.lastEventIDs.append(lastEventID) }
        let (chunks, writer) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        switch next(.get(path)) {
        case .answer(let status, let body):
            writer.yield(Array(body.utf8))
            writer.finish()
            return (status, chunks)
        case .fails(let error): throw error
        case .stream(let texts, let error):
            for text in texts { writer.yield(Array(text.utf8)) }
            writer.finish(throwing: error)
            return (200, chunks)
        }
    }
}
