import ControlPlane

/// The edge in one line, at the top of every page.
struct StatusStrip {
    let glimpse: Glimpse

    var fragment: Fragment { Fragment(id: "strip", html: html) }

    private var html: HTML {
        let (status, rates) = (glimpse.status, glimpse.rates)
        let (workers, all) = glimpse.appliedBy
        let isApplied = workers == all
        let errors = rates.errorPercent
        return """
            <div class="strip"><h2 class="unseen">State of the edge</h2><dl>
            <div class="state"><dt>\(status.edge)</dt><dd>\(state) <span \
            class="quiet">\(status.region)</span></dd></div>
            <div><dt>Generation</dt><dd class="num">\(status.generation) \(isApplied ? Tone.good.mark : Tone.move.mark)\
            <small>applied by \(workers)/\(all) workers</small></dd></div>
            <div class="rate"><dt>Requests</dt><dd class="num">\(Figures.rate(rates.requestsPerSecond))\
            \(Meter.history(rates.points))</dd></div>
            <div><dt>Errors (5xx)</dt><dd class="num">\(errorMark(errors))\(Figures.percent(errors))</dd></div>
            <div><dt>In flight</dt><dd class="num">\(inFlight)</dd></div>
            <div><dt>Up for</dt><dd class="num">\(Figures.duration(seconds: status.uptimeSeconds))</dd></div>
            </dl></div>
            """
    }

    private func errorMark(_ percent: Double?) -> HTML {
        guard let percent, percent >= 1 else { return "" }
        return percent >= 5 ? Tone.bad.mark : Tone.warn.mark
    }

    private var inFlight: String { Figures.count(glimpse.status.totals["exchanges_open"].map { Int(clamping: $0) }) }

    private var state: HTML {
        let status = glimpse.status
        if status.isDraining { return Tone.warn.badge("stopping") }
        return status.isReady ? Tone.good.badge("serving") : Tone.bad.badge("not ready")
    }
}
