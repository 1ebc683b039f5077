/// A page of any list of the admin API: its items, under whatever name, and where the next page begins.
struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    var items: [Item]
    /// What `after` takes; nil: this was the last page.
    var next: String?

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Name.self)
        let next = Name(stringValue: "next")
        if let number = try? members.decodeIfPresent(UInt64.self, forKey: next) {
            self.next = "\(number)"
        } else {
            self.next = try members.decodeIfPresent(String.self, forKey: next)
        }
        let others = members.allKeys.filter { !["next", "generation"].contains($0.stringValue) }
        guard let name = others.first, others.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a page has one list"))
        }
        items = try members.decode([Item].self, forKey: name)
    }
}
