import ControlPlane

/// `/ui/explain`: a request, and where it would go, stage by stage.
struct ExplainPage {
    let visitor: Visitor
    var body = FormBody()
    var trouble: String?
    var explanation: Status.Explanation?

    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    var html: HTML {
        let wrong: HTML = trouble.map { "<div class=\"notice bad\" role=\"alert\">\(Tone.bad.mark)\($0)</div>" } ?? ""
        return """
            <h1>Explain a request</h1>
            <p class="quiet">Nothing is sent: the code that decides real requests says where this one would go.</p>
            <div class="columns"><section class="card" aria-labelledby="ask-title"><h2 \
            id="ask-title">Request</h2>\(wrong)
            <form method="post" action="/ui/explain">\(Form.token(visitor))\
            \(Form.choice(
                "method", "method", label: "Method", value: body.fields["method"] ?? "GET",
                ExplainPage.methods.map { ($0, $0) }))\
            \(Form.field(
                "url", "url", label: "URL or path", value: body["url"],
                hint: "/orders/7 or https://shop.example/orders/7",
                attributes: " type=\"text\" required maxlength=\"4000\" autocomplete=\"off\" spellcheck=\"false\""))
            <div class="field"><label for="headers">Headers</label><textarea id="headers" name="headers" rows="4" \
            spellcheck="false" autocomplete="off" aria-describedby="headers-hint">\(body["headers"])</textarea>\
            <small id="headers-hint">One a line: x-region: eu-west</small></div>
            <div class="buttons"><button class="primary">Explain</button></div></form></section>
            \(explanation.map(ExplainPage.answer) ?? "")</div>
            """
    }

    private static func answer(_ said: Status.Explanation) -> HTML {
        let verdict: HTML
        if let region = said.region {
            let place = [region, said.cell, said.endpoint].compactMap { $0 }.joined(separator: " / ")
            verdict = "\(Tone.good.badge("goes to"))<strong>\(place)</strong>"
        } else {
            verdict = "\(Tone.bad.badge("refused"))<strong>\(said.status.map { "status \($0)" } ?? "")</strong>"
        }
        return """
            <section class="card" aria-labelledby="answer-title" role="status"><h2 id="answer-title">Decision</h2>
            <p class="verdict">\(verdict)</p>
            <p class="small">Route \(said.route), reason <code>\(said.reason)</code>, generation \(said.generation)</p>
            <ol class="stages">\(said.stages.map(stage))</ol>
            \(candidates("Cells", said.cells))\(candidates("Endpoints", said.endpoints))
            <details><summary>As text</summary><pre>\(said.text)</pre></details></section>
            """
    }

    private static func stage(_ stage: Status.Stage) -> HTML {
        let left = stage.left.isEmpty ? "none" : stage.left.joined(separator: ", ")
        return """
            <li><h3><span class="num">\(stage.stage)</span> \(stage.name)</h3>\
            <p>\((stage.left.isEmpty ? Tone.bad : .good).mark)<span class="quiet">left:</span> \(left)</p>\
            \(lost(stage.lost))</li>
            """
    }

    private static func lost(_ candidates: [Status.Candidate]) -> HTML {
        guard !candidates.isEmpty else { return "" }
        let rows = candidates.map { candidate -> HTML in
            "<li>\(Tone.quiet.mark)\(candidate.name): \(candidate.why ?? candidate.lost ?? "out")</li>"
        }
        return "<ul class=\"plain-list lost\">\(rows)</ul>"
    }

    private static func candidates(_ title: String, _ list: [Status.Candidate]) -> HTML {
        guard !list.isEmpty else { return "" }
        let rows = list.map { candidate -> HTML in
            let isChosen = candidate.lost == nil
            let why = isChosen ? "chosen" : candidate.why ?? candidate.lost ?? ""
            return "<li>\((isChosen ? Tone.good : .quiet).mark)\(candidate.name): \(why)</li>"
        }
        return "<h3>\(title)</h3><ul class=\"plain-list\">\(rows)</ul>"
    }
}
