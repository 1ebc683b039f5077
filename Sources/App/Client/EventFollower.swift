import Admin
import ControlPlane
import Foundation
import Store

/// Reads the events of an edge as they happen, over as many connections as it takes, none twice and none left out.
struct EventFollower {
    /// Between two connections, from the first failure on; the last holds.
    static let pauses: [UInt64] = [250, 500, 1_000, 2_000, 5_000]

    let client: AdminClient
    let subject: String?
    /// Number of the last event that is known.
    private(set) var last: UInt64
    private var hasEverAnswered = false

    init(client: AdminClient, subject: String?, after last: UInt64) {
        (self.client, self.subject, self.last) = (client, subject, last)
    }

    /// Until its task is cancelled.
    /// - Parameters:
    ///   - pause: milliseconds to wait.
    ///   - say: that the stream broke off, for people.
    ///   - hand: one event, as JSON and as value.
    /// - Throws: unreachable at the first attempt, or what the API refused.
    mutating func follow(
        pause: (UInt64) async throws -> Void, say: (String) -> Void, hand: (String, Status.Event) -> Void
    ) async throws {
        var failures = 0
        while !Task.isCancelled {
            let fault: String
            let before = last
            do {
                try await read(hand)
                fault = "the stream ended"
            } catch let failure as CommandFailure {
                throw failure
            } catch is CancellationError {
                return
            } catch {
                let found = ConnectionFault(error)
                guard hasEverAnswered else { throw client.failure(found, .get("/")) }
                fault = found.words
            }
            if last > before { failures = 0 }
            if failures == 0 { say("\(client.location): \(fault); reading on after event \(last)") }
            try await pause(EventFollower.pauses[min(failures, EventFollower.pauses.count - 1)])
            failures += 1
        }
    }

    /// One connection.
    private mutating func read(_ hand: (String, Status.Event) -> Void) async throws {
        if !hasEverAnswered { try client.checkSocket() }
        let query: [(name: String, value: String?)] = [
            ("follow", "true"), ("since", "\(last)"), ("subject", subject),
        ]
        let path = AdminRequest.path("/v1/events", query)
        let (status, chunks) = try await client.transport.stream(path, lastEventID: "\(last)")
        guard status == 200 else {
            var body: [UInt8] = []
            for try await chunk in chunks where body.count < 65_536 { body += chunk }
            // An edge that is on its way down or up again says so, once there was one.
            if hasEverAnswered, status >= 500 || status == 429 { return }
            let words = Refusal(Data(body)).words(status: status, location: client.location)
            throw CommandFailure(.refused, words)
        }
        hasEverAnswered = true
        var parser = EventSourceParser()
        for try await chunk in chunks {
            for message in parser.receive(chunk) {
                guard let event = try? AdminJSON.decode(Status.Event.self, from: Data(message.data.utf8)) else {
                    continue
                }
                // What comes twice over two connections is shown once.
                guard event.number > last else { continue }
                last = event.number
                if subject.map({ EventSubject.isAbout($0, event.subject) }) ?? true { hand(message.data, event) }
            }
        }
    }
}
