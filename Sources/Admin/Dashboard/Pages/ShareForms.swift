import ControlPlane
import Foundation

/// What an operator can change about a cell or a region: its weight or dial, and its drain. A viewer sees none of it.
struct ShareForms {
    let visitor: Visitor
    let subject: Subject
    let draft: Form.Draft?

    /// Codes of refusals that force passes over (routing.md, Weights, drains, sessions: safety).
    static let forceable: Set<String> = [
        "last_fit_cell", "last_fit_region", "over_capacity", "other_cell_draining", "health_unknown",
    ]

    private var path: String { subject.path }
    private var action: String { subject.share }

    static func setting(_ set: Status.Setting) -> HTML {
        let end: HTML =
            set.expiresAt.map { ", until <time datetime=\"\($0)\">\(Figures.instant($0))</time>" } ?? ", for good"
        return """
            <p class="small">“\(set.reason)” <span class="quiet">— \(set.who), \
            <time datetime="\(set.setAt)">\(Figures.instant(set.setAt))</time>\(end)</span></p>
            """
    }

    /// What a dry run said, with the button that does it.
    var preview: HTML {
        guard let draft, let preview = draft.preview else { return "" }
        let fields = draft.body.fields.sorted { $0.key < $1.key }.filter {
            !["form_token", "form_key", "intent", "force"].contains($0.key)
        }
        let hidden = fields.map { Form.hidden($0.key, $0.value) }
        let force: HTML =
            preview.safety.isEmpty
            ? ""
            : """
            <div class="field check"><input type="checkbox" id="force" name="force" value="true" required>\
            <label for="force">Do it all the same: I have read what would be refused</label></div>
            """
        let label: HTML = draft.about == "drain" ? "Start the drain" : "Set the \(action)"
        return """
            <section class="card confirm" aria-labelledby="preview-title"><h2 id="preview-title" tabindex="-1">\
            Dry run: \(draft.about == "drain" ? "drain" : action) of \(subject.name)</h2>\(preview.html)
            <form method="post" action="\(path)/\(draft.about)">\(Form.token(visitor))\(Form.key)\(hidden)\(force)\
            <div class="buttons"><button class="primary" name="intent" value="confirm" id="confirm">\(label)</button>\
            <a class="button" href="\(path)">Cancel</a></div></form></section>
            """
    }

    // MARK: Weight, dial

    /// - Parameter configured: of a cell, what the file says.
    func share(percent: Int, set: Status.Setting?, configured: Int?) -> HTML {
        guard visitor.mayOperate else { return "" }
        let mine = draft?.about == action ? draft : nil
        let id: HTML = "\(action)-form"
        let hint =
            if case .cell = subject {
                "Of its region's traffic, 0–100. The other cells share the rest."
            } else {
                "Of the requests that choose this region, it keeps so many, 0–100."
            }
        return """
            <section class="card" aria-labelledby="\(id)-title"><h2 \
            id="\(id)-title">\(action.capitalized)\
            </h2>\(Form.trouble(mine))
            <form method="post" action="\(path)/\(action)">\(Form.token(visitor))\(Form.key)\
            \(Form.field(
                "\(action)-percent", "percent", label: "Whole percent", value: mine?.body["percent"] ?? "\(percent)",
                hint: hint, attributes: ShareForms.percentAttributes))\
            \(Form.reason("\(action)-reason", value: mine?.body["reason"] ?? ""))\
            \(Form.choice(
                "\(action)-expires", "expires_in", label: "Goes back by itself after",
                value: mine?.body["expires_in"] ?? "", Form.expiries))
            <div class="buttons"><button class="primary" name="intent" value="set">Set \(action)</button>\
            <button name="intent" value="preview">Dry run</button></div></form>\(reset(set, configured))</section>
            """
    }

    private static let percentAttributes: HTML =
        " type=\"number\" inputmode=\"numeric\" min=\"0\" max=\"100\" step=\"1\" required autocomplete=\"off\""

    private func reset(_ set: Status.Setting?, _ configured: Int?) -> HTML {
        guard set != nil else { return "" }
        let back = configured.map { "Back to the configured \($0) %" } ?? "Take the dial away"
        return """
            <form method="post" action="\(path)/\(action)" class="undo">\(Form.token(visitor))\(Form.key)\
            \(Form.hidden("reason", "reset from the dashboard"))<button name="intent" value="reset" \
            id="\(action)-reset">\(back)</button></form>
            """
    }

    // MARK: Drain

    var drain: HTML {
        guard visitor.mayOperate else { return "" }
        let mine = draft?.about == "drain" ? draft : nil
        let isNow = mine?.body["mode"] == "now"
        let (ramp, now): (HTML, HTML) = isNow ? ("", " checked") : (" checked", "")
        return """
            <section class="card" aria-labelledby="drain-form-title"><h2 id="drain-form-title">Drain</h2>\
            \(Form.trouble(mine))
            <form method="post" action="\(path)/drain">\(Form.token(visitor))
            <fieldset><legend>How</legend>
            <div class="field check"><input type="radio" id="mode-ramp" name="mode" value="ramp"\(ramp)>\
            <label for="mode-ramp"><strong>Ramp</strong> — new work falls step by step, then sessions \
            follow</label></div>
            <div class="field check"><input type="radio" id="mode-now" name="mode" value="now"\(now)>\
            <label for="mode-now"><strong>Now</strong> — no new work at once; requests in flight finish</label></div>
            </fieldset>
            \(Form.field(
                "drain-over", "over", label: "Ramp over", value: mine?.body["over"] ?? "",
                hint: "For example 30s or 5m; empty: as configured. Does not matter with “now”.",
                attributes: " type=\"text\" pattern=\"[0-9]+(ms|s|m|h)\" maxlength=\"12\" autocomplete=\"off\""))\
            \(Form.reason("drain-reason", value: mine?.body["reason"] ?? ""))\
            \(Form.choice(
                "drain-expires", "expires_in", label: "Ends by itself after", value: mine?.body["expires_in"] ?? "12h",
                Form.drainExpiries))
            <div class="buttons"><button class="primary" name="intent" value="preview" id="drain-dry-run">\
            Dry run first</button></div></form></section>
            """
    }
}
