/// A part of a page that the script replaces when it changes. Forms stand outside of them: what somebody is typing is
/// never touched.
struct Fragment: Equatable, Sendable {
    var id: String
    var html: HTML

    var section: HTML { "<div id=\"\(id)\" class=\"part\">\(html)</div>" }
}
