import ControlPlane

/// `/`: regions by distance, their cells, drains in force, what happened last.
struct OverviewPage {
    let glimpse: Glimpse
    let visitor: Visitor

    var fragments: [Fragment] {
        [
            Fragment(id: "schematic", html: Schematic(glimpse: glimpse).html),
            Fragment(id: "drains", html: drains),
            Fragment(
                id: "regions", html: "\(glimpse.regions.map { RegionCard(glimpse: glimpse, region: $0).html })"),
            Fragment(id: "latest", html: EventList.html(Array(glimpse.events.suffix(12).reversed()))),
        ]
    }

    var html: HTML {
        let parts = fragments
        return """
            <h1 class="unseen">Overview</h1>
            \(parts[1].section)
            <section aria-labelledby="distance-title" class="card">
            <h2 id="distance-title">Distance from the edge <span class="legend">round-trip time; wider lines carry \
            more \
            requests</span></h2>\(parts[0].section)</section>
            <section aria-labelledby="regions-title"><h2 id="regions-title">Regions and cells</h2>\
            <div id="\(parts[2].id)" class="part regions">\(parts[2].html)</div></section>
            <section aria-labelledby="latest-title" class="card"><h2 id="latest-title">Latest events</h2>\
            \(parts[3].section)<p class="more"><a href="/ui/events">All events</a></p></section>
            """
    }

    /// Nothing is said where there is none: drains in force stand out.
    private var drains: HTML {
        let inForce = glimpse.drainsInForce
        guard !inForce.isEmpty else { return "" }
        let blocks = inForce.map { DrainBlock(drain: $0, visitor: visitor).html }
        return
            "<section aria-labelledby=\"drains-title\"><h2 id=\"drains-title\">Drains in force</h2>\(blocks)</section>"
    }
}
