import Glibc
import Model

/// hosts(5): an address, its name and its other names on each line; `#` begins a comment.
struct HostsFile {
    private static let maxBytes = 1 << 20
    private let text: String

    init(text: String) { self.text = text }

    /// Empty where the file cannot be read: then it says nothing.
    init(path: String) {
        guard let file = fopen(path, "re") else {
            text = ""
            return
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        var all: [UInt8] = []
        while all.count < HostsFile.maxBytes {
            let count = fread(&bytes, 1, bytes.count, file)
            if count == 0 { break }
            all += bytes[..<count]
        }
        text = String(decoding: all, as: UTF8.self)
    }

    /// In the file's order.
    func addresses(of name: String) -> [IPAddress] {
        let wanted = name.lowercased()
        return text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard words.dropFirst().contains(where: { $0.lowercased() == wanted }) else { return nil }
            return words.first.flatMap { IPAddress(String($0)) }
        }
    }
}
