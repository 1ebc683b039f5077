import ControlPlane
import Crypto

/// A file of the dashboard, part of the program. Its name holds its hash, so that a browser may keep it for good and a
/// new program is never shown with an old style.
struct Asset: Sendable {
    let name: String
    let type: String
    let text: String

    var path: String { "/ui/assets/\(name)" }

    static let style = Asset("portolan", "css", "text/css; charset=utf-8", StyleSheet.text)
    static let script = Asset("portolan", "js", "text/javascript; charset=utf-8", Script.text)
    static let icon = Asset(
        "portolan", "svg", "image/svg+xml",
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" \
        fill="#12303f"/>\
        <path fill="#7cc4ff" d="M12 2l2.4 7.6L22 12l-7.6 2.4L12 22l-2.4-7.6L2 12l7.6-2.4Z"/></svg>
        """)

    /// Nil: none, or one of another version.
    static func find(_ name: String) -> Asset? { [style, script, icon].first { $0.name == name } }

    private init(_ stem: String, _ ending: String, _ type: String, _ text: String) {
        let hash = HexText.lowercase(SHA256.hash(data: Array(text.utf8))).prefix(16)
        (name, self.type, self.text) = ("\(stem).\(hash).\(ending)", type, text)
    }
}
