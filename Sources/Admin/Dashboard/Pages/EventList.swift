import ControlPlane

/// Events as a list, newest first.
enum EventList {
    static func html(_ events: [Status.Event], isLong: Bool = false) -> HTML {
        guard !events.isEmpty else { return "<p class=\"quiet\">Nothing has happened yet.</p>" }
        let rows = events.map { event -> HTML in
            """
            <li data-key="\(event.number)"><time class="num" datetime="\(event.time)">\
            \(time(event.time, isLong: isLong))</time>\(Tone.ofEvent(event.event).mark)\
            <span class="event">\(event.event)</span> \(subject(event)) <span class="cause">\(event.cause)</span>\
            <span class="generation num quiet" title="generation">g\(event.generation)</span></li>
            """
        }
        return "<ol class=\"events\">\(rows)</ol>"
    }

    private static func subject(_ event: Status.Event) -> HTML { "<strong class=\"subject\">\(event.subject)</strong>" }

    /// The year is left out where the list is narrow.
    private static func time(_ text: String, isLong: Bool) -> String {
        let whole = Figures.instant(text)
        return isLong || whole.count < 19 ? whole : String(whole.suffix(14))
    }
}
