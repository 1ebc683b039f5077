/// Parts that forms are made of. Every control has a label; a mistake stands next to what it is about.
enum Form {
    /// A form as it was sent, to be shown again: with what is wrong, or with what it would do.
    struct Draft: Sendable {
        /// Last part of the path it was sent to.
        var about: String
        var body: FormBody
        var trouble: Trouble?
        var preview: Preview?
    }

    struct Trouble: Error, Equatable, Sendable {
        /// Code of the refusal.
        var code: String
        var text: String
        var status: Int
    }

    static func token(_ visitor: Visitor) -> HTML {
        "<input type=\"hidden\" name=\"form_token\" value=\"\(visitor.formToken)\">"
    }

    /// Makes what is sent twice one change.
    static var key: HTML { hidden("form_key", RandomText.make()) }

    static func hidden(_ name: String, _ value: String) -> HTML {
        "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">"
    }

    /// - Parameter attributes: further ones of the input.
    static func field(
        _ id: String, _ name: String, label: String, value: String, hint: String? = nil, attributes: HTML
    ) -> HTML {
        let described: HTML = hint == nil ? "" : " aria-describedby=\"\(id)-hint\""
        let hint: HTML = hint.map { "<small id=\"\(id)-hint\">\($0)</small>" } ?? ""
        return """
            <div class="field"><label for="\(id)">\(label)</label>\
            <input id="\(id)" name="\(name)" value="\(value)"\(attributes)\(described)>\(hint)</div>
            """
    }

    static func reason(_ id: String, value: String) -> HTML {
        field(
            id, "reason", label: "Reason", value: value, hint: "Kept in the audit log.",
            attributes: " type=\"text\" required maxlength=\"\(Call.longestReason)\" autocomplete=\"off\"")
    }

    static func choice(_ id: String, _ name: String, label: String, value: String, _ options: [(String, String)])
        -> HTML
    {
        let options = options.map { option -> HTML in
            let selected: HTML = option.0 == value ? " selected" : ""
            return "<option value=\"\(option.0)\"\(selected)>\(option.1)</option>"
        }
        return """
            <div class="field"><label for="\(id)">\(label)</label>\
            <select id="\(id)" name="\(name)">\(options)</select></div>
            """
    }

    static func trouble(_ draft: Draft?) -> HTML {
        guard let trouble = draft?.trouble else { return "" }
        return """
            <div class="notice bad" role="alert">\(Tone.bad.mark)<div><strong>Nothing was changed.</strong> \
            \(trouble.text) <code>\(trouble.code)</code></div></div>
            """
    }

    /// When a weight or dial goes back by itself.
    static let expiries: [(String, String)] = [
        ("", "never"), ("15m", "15 minutes"), ("1h", "1 hour"), ("2h", "2 hours"), ("12h", "12 hours"),
        ("24h", "24 hours"), ("7d", "7 days"),
    ]

    static let drainExpiries: [(String, String)] = [
        ("30m", "30 minutes"), ("1h", "1 hour"), ("2h", "2 hours"), ("12h", "12 hours"), ("24h", "24 hours"),
        ("3d", "3 days"),
    ]
}
