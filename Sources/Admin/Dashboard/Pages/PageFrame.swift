import ControlPlane

/// What surrounds every page: head, way around, the edge's state, and where the script finds its work.
struct PageFrame {
    enum Place: String, CaseIterable {
        case overview = "Overview"
        case drains = "Drains"
        case explain = "Explain"
        case events = "Events"
        case audit = "Audit"

        var path: String { self == .overview ? "/" : "/ui/\(rawValue.lowercased())" }
    }

    var title: String
    /// Nil: none of the places of the navigation.
    var place: Place?
    /// Nil: nobody has signed in.
    var visitor: Visitor?
    var edge: String?
    var notice: NoticeBoard.Notice?
    /// Path of the page that the script keeps up to date; nil: it does not change.
    var live: String?
    var strip: Fragment?
    var content: HTML

    var html: HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="dark light">
        <title>\(title)\(edge.map { " · \($0)" } ?? "") · Portolan</title>
        <link rel="icon" href="\(Asset.icon.path)" type="image/svg+xml">
        <link rel="stylesheet" href="\(Asset.style.path)">
        <script src="\(Asset.script.path)" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        \(header)
        <div id="connection" class="connection" role="alert" hidden></div>
        \(strip.map(\.section) ?? "")
        <main id="main" tabindex="-1"\(live.map(PageFrame.liveAttribute) ?? "")>
        \(noticeBox)
        \(content)
        </main>
        <footer class="foot">\(foot)</footer>
        <div id="announce" class="unseen" role="status" aria-live="polite"></div>
        </body>
        </html>

        """
    }

    private static func liveAttribute(_ path: String) -> HTML { " data-live=\"/ui/live?at=\(segment: path)\"" }

    private var foot: HTML {
        guard visitor != nil else { return "<p>Portolan, an edge traffic router</p>" }
        return """
            <p>All times are UTC. <span id="freshness" class="freshness">Loaded once; reload for the present \
            state.</span>\
            </p>
            """
    }

    private var header: HTML {
        guard let visitor else {
            return "<header class=\"top\"><p class=\"brand\">\(PageFrame.mark)Portolan</p></header>"
        }
        return """
            <header class="top">
            <p class="brand">\(PageFrame.mark)<a href="/">Portolan</a><span class="edge">\(edge ?? "")</span></p>
            <nav aria-label="Pages"><ul>\(PageFrame.Place.allCases.map(link))</ul></nav>
            <div class="who"><span><span class="unseen">Signed in as </span>\(visitor.caller.name) \
            <span class="role">\(visitor.caller.role.rawValue)</span></span>\(PageFrame.signOut(visitor))</div>
            </header>
            """
    }

    private func link(_ other: Place) -> HTML {
        let current: HTML = other == place ? " aria-current=\"page\"" : ""
        return "<li><a href=\"\(other.path)\"\(current)>\(other.rawValue)</a></li>"
    }

    private static func signOut(_ visitor: Visitor) -> HTML {
        if visitor.maySignIn { return "<a href=\"/login\">Sign in</a>" }
        guard visitor.isSignedIn else { return "" }
        return """
            <form method="post" action="/logout">\(Form.token(visitor))<button class="plain">Sign out</button></form>
            """
    }

    private var noticeBox: HTML {
        guard let notice else { return "" }
        return "<p class=\"notice \(notice.tone.rawValue)\" role=\"status\">\(notice.tone.mark)\(notice.text)</p>"
    }

    /// A compass rose in four strokes.
    private static var mark: HTML {
        """
        <svg class="rose" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 1l2.6 8.4L23 12l-8.4 2.6L12 \
        23l-2.6-8.4L1 12\
        l8.4-2.6Z"/></svg>
        """
    }
}
