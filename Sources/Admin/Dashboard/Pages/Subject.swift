/// What has a page of its own, a share that operators set, and drains.
enum Subject: Equatable, Sendable {
    case cell(String)
    case region(String)

    var name: String {
        switch self {
        case .cell(let name), .region(let name): name
        }
    }

    var word: String { if case .cell = self { "cell" } else { "region" } }

    /// What its share is called.
    var share: String { if case .cell = self { "weight" } else { "dial" } }

    /// Of its page.
    var path: String { "/ui/\(word)s/\(Escaping.segment(name))" }

    /// Those that there are of its kind.
    func names(_ glimpse: Glimpse) -> [String] {
        if case .cell = self { glimpse.cells.map(\.name) } else { glimpse.regions.map(\.name) }
    }

    /// Nil: there is none of that name.
    func page(_ glimpse: Glimpse, _ visitor: Visitor, _ draft: Form.Draft? = nil) -> SubjectPage? {
        let forms = ShareForms(visitor: visitor, subject: self, draft: draft)
        switch self {
        case .cell(let name):
            return glimpse.cell(name).map { CellPage(glimpse: glimpse, visitor: visitor, cell: $0).page(forms) }
        case .region(let name):
            return glimpse.region(name).map { RegionPage(glimpse: glimpse, visitor: visitor, region: $0).page(forms) }
        }
    }
}

/// The page of a cell or of a region.
struct SubjectPage {
    /// Between the overview and the page itself.
    var crumbs: HTML = ""
    let title: HTML
    /// Over what it is made of.
    let contents: HTML
    /// How it is.
    let state: Fragment
    let drain: Fragment
    /// What it is made of.
    let parts: Fragment
    let history: Fragment
    let forms: ShareForms
    let share: HTML

    var fragments: [Fragment] { [state, drain, parts, history] }

    var html: HTML {
        """
        <p class="crumbs"><a href="/">Overview</a>\(crumbs)</p>
        <h1>\(title)</h1>
        \(forms.preview)
        <div class="columns tall"><div>
        <section class="card" aria-labelledby="state-title"><h2 \
        id="state-title">State</h2>\(state.section)</section>
        \(drain.section)
        <section class="card" aria-labelledby="contents-title"><h2 id="contents-title">\(contents)</h2>\
        \(parts.section)</section></div>
        <div class="forms">\(share)
        \(forms.drain)</div>
        <section class="card" aria-labelledby="history-title"><h2 id="history-title">History</h2>\
        \(history.section)</section></div>
        """
    }
}
