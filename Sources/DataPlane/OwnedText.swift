import Model

/// Bytes of a text that live as long as their owner.
final class OwnedText {
    let view: ByteView
    private let bytes: UnsafeMutablePointer<UInt8>

    convenience init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    init(bytes text: [UInt8]) {
        bytes = .allocate(capacity: max(1, text.count))
        bytes.initialize(from: text, count: text.count)
        view = ByteView(base: bytes, count: text.count)
    }

    deinit { bytes.deallocate() }
}
