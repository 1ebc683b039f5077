import ControlPlane

/// A drain: how far it is, why, until when, and the way back.
struct DrainBlock {
    let drain: Status.Drain
    /// Nil: whoever looks may not undo it.
    let visitor: Visitor?

    var html: HTML {
        """
        <article class="card drain" aria-labelledby="drain-\(drain.id)">
        <header><h3 id="drain-\(drain.id)">\(place)</h3>\(Tone.ofDrain(drain.state).badge(drain.state))\
        <span class="tag">\(drain.mode)</span><span class="tag">drain \(drain.id)</span></header>
        \(progress)
        <p class="small">“\(drain.reason)” <span class="quiet">— \(drain.who), \
        <time datetime="\(drain.startedAt)">\(Figures.instant(drain.startedAt))</time>, expires \
        <time datetime="\(drain.expiresAt)">\(Figures.instant(drain.expiresAt))</time></span></p>
        \(undo)
        </article>
        """
    }

    /// Of a page; nothing where there is none.
    static func section(_ drain: Status.Drain?, _ visitor: Visitor) -> HTML {
        drain.map { "<h2>Drain</h2>\(DrainBlock(drain: $0, visitor: visitor).html)" } ?? ""
    }

    private var place: HTML {
        let folder: HTML = drain.kind == "region" ? "regions" : "cells"
        return "<a href=\"/ui/\(folder)/\(segment: drain.target)\">\(drain.target)</a>"
    }

    private var progress: HTML {
        guard drain.state != "ended" else { return "" }
        let applied: HTML =
            drain.isApplied ? Tone.good.badge("applied by every worker") : Tone.move.badge("being applied")
        let inFlight = drain.requestsInFlight.map { "\(Figures.count($0)) requests in flight" } ?? ""
        return """
            <dl class="progress">
            <div><dt>New work admitted</dt><dd class="num">\(drain.admissionPercent) %</dd>\
            \(Meter.bar(Double(drain.admissionPercent), tone: .move))</div>
            <div><dt>Sessions told to leave</dt><dd class="num">\(drain.sessionsMovedPercent) %</dd>\
            \(Meter.bar(Double(drain.sessionsMovedPercent), tone: .move))</div>
            </dl><p class="small">\(applied) <span class="quiet num">\(inFlight)</span>\
            \(drain.resetsStreams ? " Streams still open are being reset." : "")</p>
            """
    }

    static func words(_ drain: Status.Drain) -> String {
        switch drain.state {
        case "ramping": "draining, \(drain.admissionPercent) % of new work left"
        case "moving": "no new work, \(drain.sessionsMovedPercent) % of sessions told to leave"
        case "drained": "drained"
        case "undraining": "coming back, \(drain.admissionPercent) %"
        case "held": "held at \(drain.admissionPercent) %: its errors doubled"
        default: drain.state
        }
    }

    /// Not a new one each time: this part of the page is made anew every second, and sent when it differs. A drain is
    /// taken back once; but one that is held may be held again at the same step, after somebody let it go on.
    private var formKey: String {
        drain.state == "held" ? "\(drain.id)-on-\(drain.generation)" : "\(drain.id)-back"
    }

    private var undo: HTML {
        guard let visitor, visitor.mayOperate, drain.state != "ended", drain.state != "undraining" else { return "" }
        let label = drain.state == "held" ? "Go on undraining" : "Undo drain"
        let key = Form.hidden("form_key", formKey)
        return """
            <form method="post" action="/ui/drains/\(drain.id)/undrain" class="undo">\(Form.token(visitor))\(key)\
            <button id="undo-\(drain.id)">\(label)<span class="unseen"> of \(drain.target)</span></button></form>
            """
    }
}
