import ControlPlane

/// `/ui/regions/{region}`: its cells, its dial and its drain, its history.
struct RegionPage {
    let glimpse: Glimpse
    let visitor: Visitor
    let region: Status.Region
    let draft: Form.Draft?

    var fragments: [Fragment] {
        let cells = glimpse.cells(of: region.name)
        let blocks = cells.map { CellBlock(cell: $0, drain: glimpse.drain(over: $0)).html }
        return [
            Fragment(id: "region-state", html: state), Fragment(id: "region-drain", html: drain),
            Fragment(
                id: "region-cells",
                html: "<h3 class=\"unseen\">Cells of \(region.name)</h3><ul class=\"cells\">\(blocks)</ul>"),
            Fragment(id: "region-history", html: EventList.html(glimpse.history(of: region.name))),
        ]
    }

    var html: HTML {
        let parts = fragments
        let forms = ShareForms(
            visitor: visitor, kind: .region, name: region.name, path: "/ui/regions/\(segment: region.name)",
            draft: draft)
        let share = forms.share(percent: region.dialSet?.percent ?? 100, set: region.dialSet, configured: nil)
        return """
            <p class="crumbs"><a href="/">Overview</a></p>
            <h1>Region \(region.name)</h1>
            \(forms.preview)
            <div class="columns tall"><div>
            <section class="card" aria-labelledby="state-title"><h2 \
            id="state-title">State</h2>\(parts[0].section)</section>
            \(parts[1].section)
            <section class="card" aria-labelledby="cells-title"><h2 \
            id="cells-title">Cells</h2>\(parts[2].section)</section>
            </div>
            <div class="forms">\(share)
            \(forms.drain)</div>
            <section class="card" aria-labelledby="history-title"><h2 id="history-title">History</h2>\
            \(parts[3].section)</section></div>
            """
    }

    private var state: HTML {
        let band = region.band.filter { $0 != region.name }
        let near: HTML =
            band.isEmpty ? "" : "<p class=\"small quiet\">As near as it: \(band.joined(separator: ", "))</p>"
        return """
            <div class="cell-head">\(RegionCard.badges(region))<span class="share num" data-kept="\(region.name)">\
            \(Figures.percent(region.keptPercent))</span></div>\(Meter.bar(region.keptPercent))
            <p class="small">kept of the requests that choose it</p>\(RegionCard.facts(region))\(near)\
            \(region.dialSet.map(ShareForms.setting) ?? "")
            """
    }

    private var drain: HTML {
        guard let drain = glimpse.drain(overRegion: region.name) else { return "" }
        return "<h2>Drain</h2>\(DrainBlock(drain: drain, visitor: visitor).html)"
    }
}
