import CLinux

/// A descriptor kept for the day when none is left. Without it a listener whose connections cannot be accepted stays
/// ready for ever, the loop spins, and the clients hang instead of being told.
public struct ReserveDescriptor: ~Copyable {
    /// Negative while it could not be opened again.
    private var spare: Int32

    /// - Throws: EMFILE.
    public init() throws(SystemError) { spare = try SystemError.check(clinux_open_null(), "open") }

    deinit { if spare >= 0 { _ = clinux_close(spare) } }

    /// After `AcceptResult.exhausted`: accepts one connection on the spare's number and resets it.
    /// - Returns: false when nobody was waiting, or another thread took the number first; then leave the listener alone
    ///   for a while (100 ms; limits.md, D2).
    public mutating func acceptAndClose(_ listener: borrowing Socket) -> Bool {
        if spare >= 0 { _ = clinux_close(spare) }
        var isTurnedAway = false
        if case .accepted(let socket, _) = listener.accept() {
            socket.setLingerReset()
            isTurnedAway = true
        }
        spare = clinux_open_null()
        return isTurnedAway
    }
}
