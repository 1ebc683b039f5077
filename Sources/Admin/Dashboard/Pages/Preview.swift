import ControlPlane

/// What a change would do, before it is done.
struct Preview: Sendable {
    var change: Status.Change
    /// Refusals that force would pass over; empty: it is safe.
    var safety: [String]

    var html: HTML {
        """
        <div class="preview" role="status">
        <h3>What would happen</h3>
        <p class="quiet">A dry run on generation \(change.generation): nothing was changed.</p>
        \(moves)\(sessions)\(whatIf)\(safetyBox)
        </div>
        """
    }

    private var moves: HTML {
        guard !change.moves.isEmpty else { return "<p>No share changes.</p>" }
        let rows = change.moves.map { move -> HTML in
            let name = move.cell ?? "\(move.region) (kept by the region)"
            return """
                <li><span class="name">\(name)</span><span class="num">\(Figures.percent(move.beforePercent)) \
                <span aria-hidden="true">→</span><span class="unseen">to</span> \
                <strong>\(Figures.percent(move.afterPercent))</strong></span>\
                \(Meter.change(from: move.beforePercent, to: move.afterPercent))</li>
                """
        }
        return "<ul class=\"moves\">\(rows)</ul>"
    }

    private var sessions: HTML {
        guard let sessions = change.sessions, !sessions.isEmpty else { return "" }
        let rows = sessions.map { move -> HTML in
            let to = move.to.isEmpty ? "nowhere: no cell is left" : move.to.joined(separator: ", ")
            return
                """
                <li><strong class="num">\(Figures.count(move.sessions))</strong> sessions of \(move.from) → \(to)</li>
                """
        }
        return "<ul class=\"plain-list\">\(rows)</ul>"
    }

    private var whatIf: HTML {
        guard let whatIf = change.whatIf else { return "" }
        let flows = whatIf.moves.prefix(5).map { flow -> HTML in
            "<li><span class=\"num\">\(Figures.count(flow.requests))</span> \(flow.from) → \(flow.to)</li>"
        }
        return """
            <p>Of \(Figures.count(whatIf.sampled)) requests sampled out of the last minute's \
            \(Figures.count(whatIf.requests)), <strong class="num">\(Figures.count(whatIf.different))</strong> would \
            be \
            decided otherwise and <strong class="num">\(Figures.count(whatIf.refused))</strong> refused.</p>
            <ul class="plain-list">\(Array(flows))</ul>
            """
    }

    private var safetyBox: HTML {
        guard !safety.isEmpty else { return "<p>\(Tone.good.badge("safe"))The cells that remain carry the load.</p>" }
        let rows = safety.map { "<li>\($0)</li>" as HTML }
        return """
            <div class="notice warn">\(Tone.warn.mark)<div><strong>Refused without force:</strong>\
            <ul>\(rows)</ul></div></div>
            """
    }
}
