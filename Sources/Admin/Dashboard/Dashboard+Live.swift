import ControlPlane
import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// `/ui/live?at=PATH`: what changes on that page, once a second and at once when something happens.
extension Dashboard {
    /// Between one update and the next.
    static let updateMilliseconds: UInt64 = 1_000
    /// However much happens.
    static let shortestMilliseconds: UInt64 = 150

    /// One update.
    private struct Message: Encodable {
        /// Of fragments that changed, by id.
        var parts: [String: String]
        /// For screen readers; empty: nothing.
        var say: String?
    }

    @Sendable func follow(_ request: Request, _ context: AdminContext) async throws -> Response {
        let page = LivePage(path: request.uri.queryParameters.get("at") ?? "/")
        var headers = Dashboard.headers
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        guard await visitor(request, context) != nil else {
            let body = ByteBuffer(string: "event: ended\ndata: {}\n\n")
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
        }
        guard let seat = live.take() else {
            headers[.retryAfter] = "10"
            headers[.contentType] = "text/plain; charset=utf-8"
            let text = "too many pages are open: \(Dashboard.maxLive)\n"
            return Response(
                status: .serviceUnavailable, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await write(page, to: &writer, request, context)
                withExtendedLifetime(seat) {}
                try await writer.finish(nil)
            })
    }

    private func write(
        _ page: LivePage, to writer: inout any ResponseBodyWriter, _ request: Request, _ context: AdminContext
    ) async throws {
        var sent: [String: HTML] = [:]
        var heard: UInt64?
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        var context = context
        for await _ in ticks().cancelOnGracefulShutdown() {
            // Whoever was known by the connection may not be any more; a sign-in is looked at with every use.
            if context.caller != nil { context.caller = await parts.doorkeeper.stillKnows(request, context) }
            guard let visitor = await visitor(request, context) else {
                try await writer.write(ByteBuffer(string: "event: ended\ndata: {}\n\n"))
                return
            }
            let glimpse = await keeper.look()
            var changed: [String: String] = [:]
            for fragment in page.fragments(glimpse, visitor) where sent[fragment.id] != fragment.html {
                sent[fragment.id] = fragment.html
                changed[fragment.id] = fragment.html.text
            }
            let message = Message(parts: changed, say: Dashboard.news(in: glimpse, after: heard))
            heard = glimpse.events.last?.number ?? heard ?? 0
            let data = try AdminJSON.encode(message)
            try await writer.write(ByteBuffer(string: "data: \(String(decoding: data, as: UTF8.self))\n\n"))
            await clock.sleep(clock.now().advanced(milliseconds: Dashboard.shortestMilliseconds))
        }
    }

    /// What screen readers are told: the latest event, and how many more there were.
    private static func news(in glimpse: Glimpse, after number: UInt64?) -> String? {
        guard let number else { return nil }
        let new = glimpse.events.suffix(50).filter { $0.number > number }
        guard let last = new.last else { return nil }
        let more = new.count > 1 ? ", and \(new.count - 1) more events" : ""
        return "\(last.event) \(last.subject): \(last.cause)\(more)"
    }

    /// Every second, and whenever there is an event. Ends with its reader.
    private func ticks() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { ticks in
            let timer = Task {
                while !Task.isCancelled {
                    ticks.yield()
                    await clock.sleep(clock.now().advanced(milliseconds: Dashboard.updateMilliseconds))
                }
            }
            let events = Task {
                let last = await keeper.look().status.events.last?.number ?? 0
                guard let stream = try? await service.eventStream(after: last) else { return }
                for await _ in stream { ticks.yield() }
            }
            ticks.onTermination = { _ in
                timer.cancel()
                events.cancel()
            }
        }
    }
}
