import Foundation

/// How calls reach an edge's admin API.
protocol AdminTransport: Sendable {
    /// The whole answer, whatever its status.
    func answer(to request: AdminRequest) async throws -> (status: Int, body: Data)
    /// An answer that goes on: its status, and its body as it comes.
    /// - Parameter lastEventID: what was received before, on another connection.
    func stream(
        _ path: String, lastEventID: String?
    ) async throws -> (status: Int, chunks: AsyncThrowingStream<[UInt8], any Error>)
}
