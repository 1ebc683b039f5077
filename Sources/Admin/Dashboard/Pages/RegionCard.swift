import ControlPlane

/// A region with its cells.
struct RegionCard {
    let glimpse: Glimpse
    let region: Status.Region

    var html: HTML {
        let cells = glimpse.cells(of: region.name).map { CellBlock(cell: $0, drain: glimpse.drain(over: $0)).html }
        return """
            <article class="card region" aria-labelledby="region-\(segment: region.name)">
            <header><h3 id="region-\(segment: region.name)"><a \
            href="/ui/regions/\(segment: region.name)">\(region.name)</a>\
            </h3>\(RegionCard.badges(region))</header>
            \(RegionCard.facts(region))
            <ul class="cells">\(cells)</ul>
            </article>
            """
    }

    static func badges(_ region: Status.Region) -> HTML {
        let (word, tone) = Schematic.state(region)
        let local: HTML = region.isLocal ? "<span class=\"tag\">local</span>" : ""
        let standby: HTML = region.mode == "active" ? "" : "<span class=\"tag\">\(region.mode)</span>"
        return "\(tone.badge(word))\(local)\(standby)<span class=\"tag\">\(region.jurisdiction)</span>"
    }

    private static func distance(_ region: Status.Region) -> String {
        region.rttMicroseconds == 0
            ? "distance not measured" : "\(Figures.time(microseconds: region.rttMicroseconds)) away"
    }

    static func facts(_ region: Status.Region) -> HTML {
        let dial = region.dialSet.map { "dial \($0.percent) % set by \($0.who)" }
        let drain = region.drain.map { "drain: \($0)" }
        let kept = region.keptPercent < 100 ? "keeps \(Figures.percent(region.keptPercent)) of what chooses it" : nil
        let rest = [dial, kept, drain].compactMap { $0 }.map { " · \($0)" }.joined()
        return """
            <p class="facts"><span>\(distance(region))</span> · \
            <span>\(region.endpointsUp) of \(region.endpoints) endpoints up</span>\(rest)</p>
            \(ReplicationLine(region: region).html)
            """
    }
}
