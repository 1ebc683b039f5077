import ControlPlane

/// `/ui/drains`: those in force with their progress and an undo, and the latest that ended.
struct DrainsPage {
    let glimpse: Glimpse
    let visitor: Visitor

    var fragments: [Fragment] {
        let ended = glimpse.drains.filter { $0.state == "ended" }.reversed().prefix(20)
        return [
            Fragment(
                id: "drains-open", html: list(Array(glimpse.drainsInForce.reversed()), none: "No drain is in force.")),
            Fragment(id: "drains-ended", html: list(Array(ended), none: "None of late.")),
        ]
    }

    var html: HTML {
        let parts = fragments
        return """
            <h1>Drains</h1>
            <section aria-labelledby="open-title"><h2 id="open-title">In force</h2>\(parts[0].section)</section>
            <section aria-labelledby="ended-title"><h2 id="ended-title">Ended</h2>\(parts[1].section)</section>
            <p class="quiet">A drain begins on the page of its <a href="/">cell or region</a>.</p>
            """
    }

    private func list(_ drains: [Status.Drain], none: String) -> HTML {
        guard !drains.isEmpty else { return "<p class=\"quiet\">\(none)</p>" }
        return "\(drains.map { DrainBlock(drain: $0, visitor: visitor).html })"
    }
}
