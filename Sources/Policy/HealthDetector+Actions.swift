extension HealthDetector {
    /// What one call asks for, in order: at most one verdict and one probe.
    public struct Actions: Equatable, Sendable, Sequence, IteratorProtocol {
        private var first: Action?
        private var second: Action?
        init() {}

        public var isEmpty: Bool { first == nil }

        mutating func append(_ action: Action?) {
            guard let action else { return }
            if first == nil {
                first = action
            } else {
                precondition(second == nil, "three actions of one call")
                second = action
            }
        }

        public mutating func next() -> Action? {
            defer { (first, second) = (second, nil) }
            return first
        }
    }
}
