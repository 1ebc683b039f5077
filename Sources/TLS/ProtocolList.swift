/// Protocol names as ALPN carries them: each behind a byte of length (RFC 7301 §3.1).
enum ProtocolList {
    /// Traps on a name that is empty or above 255 bytes: they come from our own code, not from a peer.
    static func encoded(_ names: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for name in names {
            precondition((1...255).contains(name.utf8.count), "ALPN cannot carry the protocol name '\(name)'")
            bytes.append(UInt8(name.utf8.count))
            bytes.append(contentsOf: name.utf8)
        }
        return bytes
    }
}
