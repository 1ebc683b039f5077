/// What stands in place of a page that cannot be shown.
struct TroublePage {
    var title: String
    var text: String
    /// Of the way on: a path of our own, and what stands on the link.
    var way: (path: String, label: String) = ("/", "Back to the overview")

    var html: HTML {
        """
        <section class="card trouble"><h1>\(Tone.bad.mark)\(title)</h1><p>\(text)</p>
        <p><a class="button" href="\(way.path)">\(way.label)</a></p></section>
        """
    }
}
