import Model
import TLS

/// What session tokens are signed with: the present key, and the one before it, which still verifies until the next
/// rotation. Immutable.
public final class SessionKeys: Sendable {
    /// Which key signs; grows by one with each rotation, in every process that shares the state.
    public let generation: UInt32
    private let current: MessageKey
    private let previous: MessageKey?

    /// - Parameters:
    ///   - current: 32 secret octets.
    ///   - previous: those of the generation before; nil at first.
    public init(generation: UInt32, current: [UInt8], previous: [UInt8]? = nil) {
        self.generation = generation
        self.current = MessageKey(current)
        self.previous = previous.map { MessageKey($0) }
    }

    /// A key of that generation still verifies.
    func accepts(_ generation: UInt32) -> Bool {
        generation == self.generation || previous != nil && generation &+ 1 == self.generation
    }

    func sign(_ message: ByteView, into code: UnsafeMutablePointer<UInt8>) { current.sign(message, into: code) }

    func verifies(_ message: ByteView, code: UnsafePointer<UInt8>, generation: UInt32) -> Bool {
        if generation == self.generation { return current.verifies(message, code: code) }
        guard let previous, generation &+ 1 == self.generation else { return false }
        return previous.verifies(message, code: code)
    }
}
