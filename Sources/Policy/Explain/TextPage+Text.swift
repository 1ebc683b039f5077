/// Titles to the left, words to the right of them, broken at 80 characters.
struct TextPage {
    private static let width = 80
    private static let indent = 14
    private(set) var text = ""

    mutating func skip() { text += "\n" }

    mutating func add(_ title: String, _ words: String) {
        var line = title.padding(to: TextPage.indent)
        var isFirst = true
        for word in words.split(separator: " ") {
            if !isFirst, line.count + 1 + word.count > TextPage.width {
                text += line + "\n"
                line = "".padding(to: TextPage.indent) + "  "
                isFirst = true
            }
            let room = TextPage.width - line.count - (isFirst ? 0 : 1)
            line += (isFirst ? "" : " ") + (word.count <= room ? String(word) : word.prefix(room - 1) + "…")
            isFirst = false
        }
        text += line + "\n"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
