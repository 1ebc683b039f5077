/// A table indexed by a stable id that only grows: what is kept under an id stays. Owns its memory, outside ARC.
struct StateTable<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private let empty: Element

    init(empty: Element) {
        self.empty = empty
        base = .allocate(capacity: 1)
    }

    deinit { base.deallocate() }

    /// New places hold the empty element. Never shrinks.
    mutating func grow(to newCount: Int) {
        guard newCount > count else { return }
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: newCount)
        grown.update(from: base, count: count)
        (grown + count).initialize(repeating: empty, count: newCount - count)
        base.deallocate()
        (base, count) = (grown, newCount)
    }

    subscript(index: Int) -> Element {
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an id the state was not prepared for")
            return base[index]
        }
        _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an id the state was not prepared for")
            yield &base[index]
        }
    }
}
