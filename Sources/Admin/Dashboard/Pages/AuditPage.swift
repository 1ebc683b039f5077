import ControlPlane

/// `/ui/audit`: who asked for what, why, and what became of it; newest first.
struct AuditPage {
    static let pageSize = 50

    /// Newest first.
    let entries: [Status.Audit]
    let isNewest: Bool

    var html: HTML {
        let rows = entries.map(row)
        let list: HTML =
            entries.isEmpty
            ? "<p class=\"quiet\">Nobody has changed anything yet.</p>" : "<ol class=\"audit\">\(rows)</ol>"
        return """
            <h1>Audit</h1>
            <p class="quiet">Each entry's hash covers the one before; <code>portolan audit verify</code> checks the \
            chain.</p>
            <section class="card" aria-label="Audit log">\(list)</section>\(around)
            """
    }

    private func row(_ entry: Status.Audit) -> HTML {
        let tone: Tone = entry.outcome == "done" ? .good : .warn
        let reason: HTML = entry.reason.isEmpty ? "" : "“\(entry.reason)” —"
        return """
            <li><div class="line"><span class="num quiet">#\(entry.number)</span>\
            <time class="num" datetime="\(entry.time)">\(Figures.instant(entry.time))</time>\
            \(tone.badge(entry.outcome))<strong>\(entry.action)</strong><span \
            class="subject">\(entry.subject)</span></div>
            <p class="small">\(reason) <span class="quiet">\(entry.who) (\(entry.role)) from \(entry.from), \
            generation \(entry.generation)</span></p>
            <details><summary>Detail and hash</summary><pre>\(entry.detail)</pre>
            <p class="hash"><span class="quiet">hash</span> \(entry.hash)<br><span class="quiet">before</span> \
            \(entry.previous)</p></details></li>
            """
    }

    private var around: HTML {
        let older: HTML =
            (entries.last?.number ?? 1) > 1
            ? "<a class=\"button\" rel=\"next\" href=\"/ui/audit?before=\(entries.last?.number ?? 0)\">Older</a>" : ""
        let newest: HTML = isNewest ? "" : "<a class=\"button\" href=\"/ui/audit\">Newest</a>"
        return "<nav aria-label=\"Pages of the audit log\" class=\"buttons\">\(newest)\(older)</nav>"
    }
}
