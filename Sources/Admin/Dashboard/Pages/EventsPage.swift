import ControlPlane

/// `/ui/events`: newest first; the first page is live, older ones stand still.
struct EventsPage {
    static let pageSize = 50

    /// Newest first.
    var events: [Status.Event]
    let isNewest: Bool
    var trouble: String?

    static func newest(_ glimpse: Glimpse) -> Fragment {
        Fragment(id: "events-list", html: EventList.html(glimpse.events.suffix(pageSize).reversed(), isLong: true))
    }

    var html: HTML {
        let list = Fragment(id: isNewest ? "events-list" : "events-older", html: EventList.html(events, isLong: true))
        let wrong: HTML =
            trouble.map { "<div class=\"notice warn\">\(Tone.warn.mark)Older events cannot be read: \($0)</div>" } ?? ""
        return "<h1>Events</h1>\(wrong)<section class=\"card\" aria-label=\"Events\">\(list.section)</section>\(around)"
    }

    private var around: HTML {
        let older: HTML =
            (events.last?.number ?? 1) > 1 && !events.isEmpty
            ? "<a class=\"button\" rel=\"next\" href=\"/ui/events?before=\(events.last?.number ?? 0)\">Older</a>" : ""
        let newest: HTML = isNewest ? "" : "<a class=\"button\" href=\"/ui/events\">Newest</a>"
        return "<nav aria-label=\"Pages of events\" class=\"buttons\">\(newest)\(older)</nav>"
    }
}
