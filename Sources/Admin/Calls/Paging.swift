import Foundation

/// Parts of lists: `?limit=`, and `?after=` with the mark that the part before ended with.
extension Call {
    static let limits = 1...1_000

    static func paging(limit: Int = 100) -> [Field] {
        [
            Field("limit", .whole(limits), "At most so many items; \(limit) where it is absent."),
            Field("after", .text(1...256), "What `next` of the part before said."),
        ]
    }

    func limit(orElse usual: Int = 100) -> Int { query.whole("limit") ?? usual }

    /// Of the item that the part before ended with; nil: from the beginning.
    func mark() throws(AdminRefusal) -> String? {
        guard let text = query.text("after") else { return nil }
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64), let mark = String(data: data, encoding: .utf8) else {
            throw .wrong("after: “\(ValueKind.short(text))” is no mark; take `next` of the part before")
        }
        return mark
    }

    static func next(_ mark: String) -> String {
        Data(mark.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    /// One part of a list that is at hand; `key` names an item for good.
    func part<Item>(
        of items: [Item], limit usual: Int = 100, key: (Item) -> String
    ) throws(AdminRefusal) -> (items: [Item], next: String?) {
        var first = 0
        if let mark = try mark() {
            guard let place = items.firstIndex(where: { key($0) == mark }) else {
                throw .wrong("after: what it names is gone; begin anew without it")
            }
            first = place + 1
        }
        let part = Array(items[first...].prefix(limit(orElse: usual)))
        guard let last = part.last, first + part.count < items.count else { return (part, nil) }
        return (part, Call.next(key(last)))
    }

    /// The item that the path names by its parameter `what`.
    func find<Item>(_ what: String, in items: [Item], name: (Item) -> String) throws(AdminRefusal) -> Item {
        let wanted = self.name(what)
        if let item = items.first(where: { name($0) == wanted }) { return item }
        let known = items.prefix(50).map(name).joined(separator: ", ")
        throw .missing("no \(what) “\(ValueKind.short(wanted))”; there are \(known)")
    }
}
