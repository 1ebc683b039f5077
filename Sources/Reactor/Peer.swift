public import Model

/// Who connected to a listener.
public struct Peer: Equatable, Sendable, BitwiseCopyable {
    /// 0.0.0.0 for a Unix socket.
    public let address: IPAddress
    /// 0 for a Unix socket.
    public let port: UInt16
    public let isUnix: Bool

    public init(address: IPAddress, port: UInt16, isUnix: Bool) {
        (self.address, self.port, self.isUnix) = (address, port, isUnix)
    }
}
