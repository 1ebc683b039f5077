import Wire

/// Names of HPACK's static table (RFC 7541, Appendix A) by the address of nghttp2's buffer for each, which never
/// changes: a look at one entry tells the token. Owned by a `HeaderBlockPool`, confined to its thread.
struct StaticNames {
    struct Entry {
        var buffer: OpaquePointer?
        var bytes: UnsafePointer<UInt8>
        var count: Int
        var token: HeaderToken
    }

    /// Many times as many as the table has names, so that hardly two fall on the same place; they would only be slower.
    private static let count = 512
    private let entries: UnsafeMutablePointer<Entry>
    private let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

    init() {
        entries = .allocate(capacity: StaticNames.count)
        let empty = Entry(buffer: nil, bytes: UnsafePointer(nothing), count: 0, token: .other)
        entries.initialize(repeating: empty, count: StaticNames.count)
    }

    func deallocate() {
        entries.deallocate()
        nothing.deallocate()
    }

    /// The only place where that buffer may be known.
    @inline(__always)
    func entry(of buffer: OpaquePointer) -> UnsafeMutablePointer<Entry> {
        // The buffers stand in one array of 40-byte elements: multiplication spreads their addresses.
        let hash = (UInt(bitPattern: buffer) >> 3) &* 0x9E37_79B9_7F4A_7C15
        return entries + Int(hash >> 55)
    }
}
