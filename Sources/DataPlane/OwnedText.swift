import Model

/// Bytes of a text that live as long as their owner.
final class OwnedText {
    let view: ByteView
    private let bytes: UnsafeMutablePointer<UInt8>

    init(_ text: String) {
        let utf8 = Array(text.utf8)
        bytes = .allocate(capacity: max(1, utf8.count))
        bytes.initialize(from: utf8, count: utf8.count)
        view = ByteView(base: bytes, count: utf8.count)
    }

    deinit { bytes.deallocate() }
}
