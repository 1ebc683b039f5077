import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Store

/// Events as they happen: server-sent events, as the HTML standard has them.
enum EventFeed {
    static let keepAliveMilliseconds: UInt64 = 15_000
    /// Events that a slow reader may be behind; beyond it the feed ends, and the reader comes again with the last id.
    static let backlog = 256

    private enum Part: Sendable {
        case event(Status.Event)
        case keepAlive
    }

    static func open(_ call: Call) async throws -> Reply {
        let type = "text/event-stream"
        let since = try await first(call)
        if call.request.method == .head { return Reply(body: .stream(ResponseBody(), type: type)) }
        guard let seat = call.parts.limits.streams.take() else {
            throw AdminRefusal.overloaded("too many are following events already: close one")
        }
        let events = try await call.service.eventStream(after: since)
        let subject = call.query.text("subject")
        let body = ResponseBody { writer in
            // A reader waits for the first octet to know that it is connected.
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            try await withParts(events, call) { part in
                switch part {
                case .keepAlive: try await writer.write(ByteBuffer(string: ": still here\n\n"))
                case .event(let event):
                    if let subject, !EventSubject.isAbout(subject, event.subject) { return }
                    try await writer.write(ByteBuffer(string: try text(event)))
                }
            }
            withExtendedLifetime(seat) {}
            try await writer.finish(nil)
        }
        return Reply(body: .stream(body, type: type))
    }

    static func text(_ event: Status.Event) throws -> String {
        "id: \(event.number)\ndata: \(String(decoding: try AdminJSON.encode(event), as: UTF8.self))\n\n"
    }

    /// Of the newest event; 0: there was none.
    private static func newest(_ call: Call) async -> UInt64 { await call.service.status().events.last?.number ?? 0 }

    /// Number after which the feed begins: a reader that comes again says the last it saw.
    private static func first(_ call: Call) async throws -> UInt64 {
        if let text = call.request.headers[.lastEventID] {
            guard let number = UInt64(text) else {
                throw AdminRefusal.wrong("last-event-id: “\(ValueKind.short(text))” is no number")
            }
            return number
        }
        if let since = call.query.whole("since") { return UInt64(since) }
        return await newest(call)
    }

    /// Hands on events, and a sign of life now and then, until the events end, the edge stops, the reader is too far
    /// behind, or its credential is not good any more.
    private static func withParts(
        _ events: AsyncStream<Status.Event>, _ call: Call, _ write: (Part) async throws -> Void
    ) async throws {
        let (parts, feed) = AsyncStream<Part>.makeStream(bufferingPolicy: .bufferingOldest(backlog))
        let sources = Task { await gather(events, call, feed) }
        defer { sources.cancel() }
        try await withTaskCancellationHandler {
            for await part in parts { try await write(part) }
        } onCancel: {
            sources.cancel()
        }
    }

    private static func gather(
        _ events: AsyncStream<Status.Event>, _ call: Call, _ feed: AsyncStream<Part>.Continuation
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in events { if case .dropped = feed.yield(.event(event)) { return } }
            }
            group.addTask { try? await gracefulShutdown() }
            group.addTask { await watch(call, feed) }
            await group.next()
            feed.finish()
            group.cancelAll()
        }
    }

    /// Returns once the caller may not follow any more.
    private static func watch(_ call: Call, _ feed: AsyncStream<Part>.Continuation) async {
        let clock = call.parts.clock
        var aliveAt = clock.now().advanced(milliseconds: keepAliveMilliseconds)
        while !Task.isCancelled {
            await clock.sleep(clock.now().advanced(milliseconds: Doorkeeper.recheckMilliseconds))
            guard await call.parts.doorkeeper.stillKnows(call.request, call.context) != nil else { return }
            guard clock.now() >= aliveAt else { continue }
            aliveAt = clock.now().advanced(milliseconds: keepAliveMilliseconds)
            feed.yield(.keepAlive)
        }
    }
}
