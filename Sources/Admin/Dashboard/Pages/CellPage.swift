import ControlPlane

/// `/ui/cells/{cell}`: how it is and why, its weight and drain, its history.
struct CellPage {
    let glimpse: Glimpse
    let visitor: Visitor
    let cell: Status.Cell

    func page(_ forms: ShareForms) -> SubjectPage {
        let region: HTML = "<a href=\"/ui/regions/\(segment: cell.region)\">\(cell.region)</a>"
        return SubjectPage(
            crumbs: " / \(region)", title: "Cell \(cell.name)", contents: "Endpoints",
            state: Fragment(id: "cell-state", html: state),
            drain: Fragment(id: "cell-drain", html: DrainBlock.section(inForce, visitor)),
            parts: Fragment(id: "cell-endpoints", html: endpoints),
            history: Fragment(id: "cell-history", html: EventList.html(glimpse.history(of: cell.name))), forms: forms,
            share: forms.share(
                percent: cell.weightEffective, set: cell.weightSet, configured: cell.weightConfigured))
    }

    private var state: HTML {
        let setting = cell.weightSet.map(ShareForms.setting) ?? ""
        let bar = CellBlock.bar(cell, isDrained: inForce != nil)
        return """
            <div class="cell-head">\(CellBlock.health(cell))\(drainBadge)<span class="share num" \
            data-share="\(cell.name)">\(Figures.percent(CellBlock.share(cell)))</span></div>\
            \(bar)
            <p class="small">of its region's new work; \(CellBlock.weight(cell))</p>\(setting)\(CellBlock.numbers(cell))
            """
    }

    private var inForce: Status.Drain? { glimpse.drain(over: cell) }
    private var drainBadge: HTML { inForce.map { Tone.ofDrain($0.state).badge($0.state) } ?? "" }

    private var endpoints: HTML {
        let rows = cell.endpoints.map { endpoint -> HTML in
            let ejected = endpoint.ejectedForSeconds.map { "back in \(Figures.duration(seconds: $0))" }
            let warmth = endpoint.warmthPercent.map { "warming up, \($0) % of its turns" }
            let notes = [endpoint.cause, endpoint.lastFailure, ejected, warmth].compactMap { $0 }.joined(
                separator: "; ")
            return """
                <li><span class="address">\(endpoint.address)</span>\
                \(Tone.ofHealth(endpoint.health).badge(endpoint.health))\
                <span class="num rtt">\(Figures.time(microseconds: endpoint.rttMicroseconds))</span>\
                <span class="cause">\(notes)</span></li>
                """
        }
        return rows.isEmpty
            ? "<p class=\"quiet\">No endpoint is known.</p>" : "<ul class=\"endpoints\">\(rows)</ul>"
    }
}
