import ControlPlane

/// `/ui/regions/{region}`: its cells, its dial and its drain, its history.
struct RegionPage {
    let glimpse: Glimpse
    let visitor: Visitor
    let region: Status.Region

    func page(_ forms: ShareForms) -> SubjectPage {
        let cells = glimpse.cells(of: region.name)
        let blocks = cells.map { CellBlock(cell: $0, drain: glimpse.drain(over: $0)).html }
        let drain = glimpse.drain(overRegion: region.name)
        return SubjectPage(
            title: "Region \(region.name)", contents: "Cells", state: Fragment(id: "region-state", html: state),
            drain: Fragment(id: "region-drain", html: DrainBlock.section(drain, visitor)),
            parts: Fragment(
                id: "region-cells",
                html: "<h3 class=\"unseen\">Cells of \(region.name)</h3><ul class=\"cells\">\(blocks)</ul>"),
            history: Fragment(id: "region-history", html: EventList.html(glimpse.history(of: region.name))),
            forms: forms,
            share: forms.share(percent: region.dialSet?.percent ?? 100, set: region.dialSet, configured: nil))
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
}
