import ControlPlane
import HTTPTypes
import Hummingbird

/// What happened, and who did what.
extension AdminOperation {
    private static let limitField = Field(
        "limit", .whole(Call.limits), "At most so many items; 100 where it is absent.")
    private static let number = ValueKind.whole(0...Int.max)

    static let history = [
        AdminOperation(
            id: "readEvents", method: .get, path: "/v1/events",
            summary: "Events. As server-sent events with `follow=true` or `accept: text/event-stream`: those after"
                + " `since` or `last-event-id`, then each as it happens; each has its number as its id.",
            role: .viewer,
            query: [
                Field("since", number, "Only those with greater numbers; the newest where it is absent."),
                Field(
                    "subject", .text(1...255),
                    "Only those about this cell, region, route or file, or about a part of it, such as an endpoint."),
                limitField, Field("follow", .flag, "Stay, and tell of new ones."),
            ],
            answers: [Answer(status: .ok, summary: "Oldest first.", contents: [.json(EventPage.self), .events])],
            run: { call in
                let accepts = call.request.headers[.accept] ?? ""
                let follows = call.query.flag("follow") || accepts.contains("text/event-stream")
                return follows ? try await EventFeed.open(call) : try await events(call)
            }),
        AdminOperation(
            id: "readAudit", method: .get, path: "/v1/audit",
            summary: "Who changed what, when, from where and why; each entry's hash covers the one before.",
            role: .operator,
            query: [
                Field("after", number, "Only greater numbers, oldest first."),
                Field("before", number, "Only smaller numbers, newest first."), limitField,
            ],
            answers: [.json(AuditList.self, "The entries; the newest where neither is given.")],
            run: { try await audit($0) }),
    ]

    private static func events(_ call: Call) async throws -> Reply {
        let (limit, subject) = (call.limit(), call.query.text("subject"))
        let events =
            if let since = call.query.whole("since") {
                try await call.service.events(after: UInt64(since), subject: subject, limit: limit)
            } else {
                Array(try await call.service.events(before: nil, subject: subject, limit: limit).reversed())
            }
        let next = events.count < limit ? nil : events.last?.number
        return try .json(EventPage(events: events, next: next))
    }

    private static func audit(_ call: Call) async throws -> Reply {
        let (after, before, limit) = (call.query.whole("after"), call.query.whole("before"), call.limit())
        if after != nil, before != nil { throw AdminRefusal.wrong("after: is there beside before; give one of them") }
        let entries =
            if let after {
                try await call.service.audit(after: UInt64(after), limit: limit)
            } else {
                try await call.service.audit(before: before.map { UInt64($0) }, limit: limit)
            }
        let isAtEnd = entries.count < limit || after == nil && entries.last?.number == 1
        return try .json(AuditList(entries: entries, next: isAtEnd ? nil : entries.last?.number))
    }
}
