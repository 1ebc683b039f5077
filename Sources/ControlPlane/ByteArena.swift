import Model

/// Texts one after another, so that views of them live as long as one array.
struct ByteArena {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ text: String) -> Range<Int> {
        let start = bytes.count
        bytes += Array(text.utf8)
        return start..<bytes.count
    }

    /// With ASCII letters in lower case.
    mutating func addLowercase(_ text: String) -> Range<Int> {
        let start = bytes.count
        bytes += text.utf8.map(ByteView.lowercased)
        return start..<bytes.count
    }
}
