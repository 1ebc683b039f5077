/// What a client writes, in the words of a trace: `headers(1).get("/").end()`.
public func headers(_ stream: UInt32) -> Frame { Frame(1, flags: 4, stream: stream) }
public func continuation(_ stream: UInt32) -> Frame { Frame(9, flags: 4, stream: stream) }
public func data(_ stream: UInt32, count: Int = 0) -> Frame {
    Frame(0, stream: stream, Array(repeating: 120, count: count))
}
public func priority(_ stream: UInt32, on parent: UInt32, weight: UInt8 = 15) -> Frame {
    Frame(2, stream: stream, Frame.octets(UInt64(parent), 4) + [weight])
}
public func reset(_ stream: UInt32, code: UInt32 = 8) -> Frame {
    Frame(3, stream: stream, Frame.octets(UInt64(code), 4))
}
public func settings(_ pairs: (id: UInt16, value: UInt32)...) -> Frame {
    Frame(4, stream: 0, pairs.flatMap { Frame.octets(UInt64($0.id), 2) + Frame.octets(UInt64($0.value), 4) })
}
public func settingsAck() -> Frame { Frame(4, flags: 1, stream: 0) }
public func ping(_ payload: UInt64 = 7) -> Frame { Frame(6, stream: 0, Frame.octets(payload, 8)) }
public func pingAck(_ payload: UInt64 = 7) -> Frame { Frame(6, flags: 1, stream: 0, Frame.octets(payload, 8)) }
public func goaway(last: UInt32 = 0, code: UInt32 = 0) -> Frame {
    Frame(7, stream: 0, Frame.octets(UInt64(last), 4) + Frame.octets(UInt64(code), 4))
}
public func windowUpdate(_ stream: UInt32, by increment: UInt32) -> Frame {
    Frame(8, stream: stream, Frame.octets(UInt64(increment), 4))
}

extension Frame {
    /// END_STREAM.
    public func end() -> Frame { with { $0.flags |= 1 } }
    /// Without END_HEADERS: more fields follow.
    public func open() -> Frame { with { $0.flags &= ~4 } }
    public func padded(_ count: Int) -> Frame { with { $0.padding = count } }
    /// HEADERS with the deprecated priority fields.
    public func depending(on parent: UInt32, weight: UInt8 = 15) -> Frame {
        with {
            $0.flags |= 0x20
            $0.priority = Frame.octets(UInt64(parent), 4) + [weight]
        }
    }

    public func get(_ path: String = "/") -> Frame { request("GET", path) }
    public func post(_ path: String = "/") -> Frame { request("POST", path) }
    public func request(_ method: String, _ path: String) -> Frame {
        field(":method", method).field(":scheme", "https").field(":path", path).field(":authority", "a.example")
    }
    public func status(_ status: String) -> Frame { field(":status", status) }

    /// A literal field that enters no table, without Huffman codes (RFC 7541 §6.2.2).
    public func field(_ name: String, _ value: String) -> Frame { field(name, Array(value.utf8)) }
    public func field(_ name: String, _ value: [UInt8]) -> Frame {
        let name = Array(name.utf8)
        return raw([0] + Frame.integer(name.count, prefix: 7) + name + Frame.integer(value.count, prefix: 7) + value)
    }
    /// Octets as they are.
    public func raw(_ octets: [UInt8]) -> Frame { with { $0.payload += octets } }

    /// An integer of HPACK (RFC 7541 §5.1) whose first octet's upper bits are `mark`.
    public static func integer(_ value: Int, prefix: Int, mark: UInt8 = 0) -> [UInt8] {
        let most = 1 << prefix - 1
        guard value >= most else { return [mark | UInt8(value)] }
        var (octets, rest) = ([mark | UInt8(most)], value - most)
        while rest >= 128 {
            octets.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return octets + [UInt8(rest)]
    }

    private func with(_ change: (inout Frame) -> Void) -> Frame {
        var copy = self
        change(&copy)
        return copy
    }
}
