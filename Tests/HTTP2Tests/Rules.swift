import Support

/// The rules of RFC 9113 and RFC 7541 that a server can be held to by frames alone, one row each.
enum Rules {
    static let all = connection + streams + frames + flow + messages + fields
    static let get = headers(1).get().end()

    // MARK: The connection (RFC 9113 §3.4, §4, §5.4, §5.5, §7)

    static let connection: [ConformanceCase] = [
        .init("3.4 a client that greets is served", [get], .answered(1)),
        .init("3.4 a further SETTINGS is acknowledged", [settings()], .says("SETTINGS ack")),
        .init("4.1 a frame of an unknown type is ignored", [Frame(0x16, stream: 0, [1, 2, 3]), get], .answered(1)),
        .init("4.1 so is one on an idle stream", [Frame(0x16, stream: 7, [1, 2, 3]), get], .answered(1)),
        .init("4.1 flags without a meaning are ignored", [with(ping()) { $0.flags |= 0x16 }], .says("PING ack")),
        .init("4.1 the reserved bit is ignored", [with(ping()) { $0.stream = 1 << 31 }], .says("PING ack")),
        .init("4.1 the reserved bit before a stream is ignored", [with(get) { $0.stream = 1 << 31 | 1 }], .answered(1)),
        .init(
            "4.2 16,384 octets are the most by default", [headers(1).post(), data(1, count: 16_384).end()], .answered(1)
        ),
        .init("4.2 DATA above it", [headers(1).post(), data(1, count: 16_385)], .connectionError("FRAME_SIZE_ERROR")),
        .init(
            "4.2 HEADERS above it", [headers(1).get().field("a", String(repeating: "b", count: 16_384))],
            .connectionError("FRAME_SIZE_ERROR")),
        .init(
            "4.2 any type above it", [Frame(0x16, stream: 0, Array(repeating: 0, count: 16_385))],
            .connectionError("FRAME_SIZE_ERROR")),
        .init("4.3 a field block that cannot be read", [headers(1).raw([0x40])], .connectionError("COMPRESSION_ERROR")),
        .init(
            "4.3 nothing between the parts of a field block",
            [headers(1).get().end().open(), priority(1, on: 0), continuation(1)], .connectionError("PROTOCOL_ERROR")),
        .init(
            "4.3 nothing of another stream either", [headers(1).get().end().open(), headers(3).get().end()],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "5.4.1 GOAWAY names the last stream", [headers(1).post(), Frame(6, stream: 0, [1])],
            .says("GOAWAY last=1 FRAME_SIZE_ERROR")),
        .init(
            "5.5 an unknown frame within a field block",
            [
                headers(1).get().end().open(), Frame(0x16, stream: 0), continuation(1),
            ], .connectionError("PROTOCOL_ERROR")),
        .init(
            "7 a reset with an unknown code", [headers(1).post(), reset(1, code: 0xFF), headers(3).get().end()],
            .answered(3)),
        .init("7 a goodbye with an unknown code", [goaway(code: 0xFF)], .ends(after: nil)),
    ]

    // MARK: Streams (RFC 9113 §5.1, §5.3)

    static let streams: [ConformanceCase] = [
        .init("5.1 idle: DATA", [data(1, count: 1)], .connectionError("PROTOCOL_ERROR")),
        .init("5.1 idle: RST_STREAM", [reset(1)], .connectionError("PROTOCOL_ERROR")),
        .init("5.1 idle: WINDOW_UPDATE", [windowUpdate(1, by: 100)], .connectionError("PROTOCOL_ERROR")),
        .init("5.1 idle: CONTINUATION", [continuation(1)], .connectionError("PROTOCOL_ERROR")),
        .init("5.1 idle: PRIORITY", [priority(1, on: 0), get], .answered(1)),
        .init("5.1 half-closed: DATA", [get, data(1, count: 1)], .connectionError("STREAM_CLOSED")),
        .init("5.1 half-closed: HEADERS", [get, headers(1).get().end()], .connectionError("STREAM_CLOSED")),
        .init("5.1 half-closed: CONTINUATION", [get, continuation(1)], .connectionError("PROTOCOL_ERROR")),
        .init(
            "5.1 half-closed: WINDOW_UPDATE, PRIORITY", [get, windowUpdate(1, by: 9), priority(1, on: 0)],
            .answered(1)),
        .init("5.1 half-closed: RST_STREAM", [get, reset(1), headers(3).get().end()], .answered(3)),
        .init("5.1 closed by END_STREAM: DATA", [get, pause, data(1, count: 1)], .connectionError("STREAM_CLOSED")),
        .init("5.1 closed by END_STREAM: HEADERS", [get, pause, get], .connectionError("STREAM_CLOSED")),
        .init(
            "5.1 closed by END_STREAM: CONTINUATION", [get, pause, continuation(1)],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "5.1 closed by END_STREAM: what may cross",
            [get, pause, windowUpdate(1, by: 9), reset(1), priority(1, on: 0)],
            .nothing),
        .init(
            "5.1 closed by RST_STREAM: DATA", [headers(1).post(), reset(1), data(1, count: 1)],
            .connectionError("STREAM_CLOSED")),
        .init(
            "5.1 closed by RST_STREAM: HEADERS", [headers(1).post(), reset(1), headers(1).field("a", "b").end()],
            .connectionError("STREAM_CLOSED")),
        .init(
            "5.1 closed by RST_STREAM: CONTINUATION", [headers(1).post(), reset(1), continuation(1)],
            .connectionError("PROTOCOL_ERROR")),
        .init("5.1 closed by RST_STREAM: PRIORITY", [headers(1).post(), reset(1), priority(1, on: 0)], .nothing),
        .init(
            "5.1 reset by the server: what was on its way is ignored",
            [headers(1).post("bad path"), pause, data(1, count: 9), data(1).end(), headers(3).get().end()], .answered(3)
        ),
        .init(
            "5.1 reset by the server: even trailers, whose fields count for the table",
            [
                headers(1).post("bad"), pause, headers(1).raw(indexed("x-a", "b")).end(),
                headers(3).get().raw([0xBE]).end(),
            ],
            .answered(3)),
        .init(
            "5.1 reset by the server, then ended by the client",
            [
                headers(1).post("bad path"), pause, data(1).end(), data(1),
            ], .connectionError("STREAM_CLOSED")),
        .init("5.1.1 a client's streams are odd", [headers(2).get().end()], .connectionError("PROTOCOL_ERROR")),
        .init("5.1.1 stream 0 is the connection", [headers(0).get().end()], .connectionError("PROTOCOL_ERROR")),
        .init(
            "5.1.1 a number is never passed over and then used", [headers(5).get().end(), headers(3).get().end()],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "5.1.1 not for DATA either", [headers(5).post(), data(3, count: 1)], .connectionError("PROTOCOL_ERROR")),
        .init("5.1.1 numbers may be passed over", [headers(1).get().end(), headers(9).get().end()], .answered(9)),
        .init(
            "5.1.2 streams above the limit that the client has acknowledged",
            stride(from: 1, through: 199, by: 2).map { headers($0).post() } + [pause, headers(201).post()],
            .connectionError("PROTOCOL_ERROR")),
        .init("5.3 a stream may name any other as its parent", [headers(1).get().depending(on: 9).end()], .answered(1)),
        .init("5.3 HEADERS on itself", [headers(1).get().depending(on: 1).end()], .connectionError("PROTOCOL_ERROR")),
        .init("5.3 PRIORITY on itself", [priority(1, on: 1)], .connectionError("PROTOCOL_ERROR")),
    ]

    // MARK: Forms of frames (RFC 9113 §6)

    static let frames: [ConformanceCase] = [
        .init("6.1 DATA is answered when it ends", [headers(1).post(), data(1, count: 4).end()], .answered(1)),
        .init("6.1 padding is dropped", [headers(1).post(), data(1, count: 4).padded(9).end()], .answered(1)),
        .init("6.1 padding and nothing else", [headers(1).post(), data(1).padded(255).end()], .answered(1)),
        .init("6.1 DATA on stream 0", [data(0, count: 1)], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.1 more padding than payload", [headers(1).post(), Frame(0, flags: 8, stream: 1, [6, 1, 2])],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.1 a padded flag and no room for its length", [headers(1).post(), Frame(0, flags: 8, stream: 1)],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.2 padding and priority around fields", [headers(1).get().depending(on: 0).padded(5).end()],
            .answered(1)),
        .init(
            "6.2 more padding than payload", [Frame(1, flags: 13, stream: 1, [9, 0x82])],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.2 priority cut short", [Frame(1, flags: 0x25, stream: 1, [0, 0, 0])],
            .connectionError("FRAME_SIZE_ERROR")),
        .init(
            "6.2 fields in CONTINUATION frames",
            [
                headers(1).get().open().end(), continuation(1).field("a", "b").open(), continuation(1).field("c", "d"),
            ], .answered(1)),
        .init(
            "6.2 END_STREAM stands on HEADERS, not on its CONTINUATION",
            [
                headers(1).post().open(), continuation(1).field("a", "b"), data(1, count: 1).end(),
            ], .answered(1)),
        .init("6.3 PRIORITY on stream 0", [priority(0, on: 1)], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.3 PRIORITY of another size", [Frame(2, stream: 1, [0, 0, 0, 0])], .connectionError("FRAME_SIZE_ERROR")),
        .init("6.4 RST_STREAM on stream 0", [reset(0)], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.4 RST_STREAM of another size", [headers(1).post(), Frame(3, stream: 1, [0, 0, 0])],
            .connectionError("FRAME_SIZE_ERROR")),
        .init(
            "6.5 SETTINGS with an acknowledgement and a payload",
            [
                with(settings((id: 1, value: 1))) { $0.flags = 1 }
            ], .connectionError("FRAME_SIZE_ERROR")),
        .init("6.5 SETTINGS on a stream", [with(settings()) { $0.stream = 1 }], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.5 SETTINGS of no whole entry", [Frame(4, stream: 0, [0, 1, 0])], .connectionError("FRAME_SIZE_ERROR")),
        .init("6.5.2 ENABLE_PUSH is 0 or 1", [settings((id: 2, value: 2))], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.5.2 INITIAL_WINDOW_SIZE above 2³¹−1", [settings((id: 4, value: 1 << 31))],
            .connectionError("FLOW_CONTROL_ERROR")),
        .init(
            "6.5.2 MAX_FRAME_SIZE below 16,384", [settings((id: 5, value: 16_383))],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.5.2 MAX_FRAME_SIZE above 2²⁴−1", [settings((id: 5, value: 1 << 24))],
            .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.5.2 NO_RFC7540_PRIORITIES is 0 or 1", [settings((id: 9, value: 2))], .connectionError("PROTOCOL_ERROR")),
        .init("6.5.2 an unknown setting is ignored", [settings((id: 0xFF, value: 1)), get], .answered(1)),
        .init(
            "6.5.3 the last of two values counts",
            [
                settings((id: 4, value: 1), (id: 4, value: 100)), get,
            ], .says("DATA 1 5 end")),
        .init("6.5.3 SETTINGS is acknowledged at once", [settings((id: 3, value: 9))], .says("SETTINGS ack")),
        .init(
            "6.6 a client does not push", [Frame(5, flags: 4, stream: 1, [0, 0, 0, 2])],
            .connectionError("PROTOCOL_ERROR")),
        .init("6.7 PING is answered", [ping()], .says("PING ack")),
        .init("6.7 an answer is not answered", [pingAck()], .nothing),
        .init("6.7 PING on a stream", [with(ping()) { $0.stream = 1 }], .connectionError("PROTOCOL_ERROR")),
        .init("6.7 PING of another size", [Frame(6, stream: 0, [1, 2, 3])], .connectionError("FRAME_SIZE_ERROR")),
        .init("6.8 GOAWAY on a stream", [with(goaway()) { $0.stream = 1 }], .connectionError("PROTOCOL_ERROR")),
        .init("6.8 GOAWAY too short", [Frame(7, stream: 0, [0, 0, 0, 0])], .connectionError("FRAME_SIZE_ERROR")),
        .init("6.8 what was begun is finished", [headers(1).post(), goaway(), data(1).end()], .ends(after: 1)),
        .init(
            "6.10 CONTINUATION by itself", [get, continuation(1).field("a", "b")], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.10 CONTINUATION on stream 0",
            [
                headers(1).get().open(), continuation(0).field("a", "b"),
            ], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.10 CONTINUATION of another stream",
            [
                headers(1).get().open(), continuation(3).field("a", "b"),
            ], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.10 CONTINUATION after the last one",
            [
                headers(1).post().open(), continuation(1).field("a", "b"), continuation(1).field("c", "d"),
            ], .connectionError("PROTOCOL_ERROR")),
        .init(
            "6.10 DATA within a field block",
            [
                headers(1).post().open(), data(1, count: 1), continuation(1),
            ], .connectionError("PROTOCOL_ERROR")),
        .init("6.10 eight CONTINUATION frames", torn(8), .answered(1)),
        .init("6.10 nine are a flood", torn(9), .connectionError("ENHANCE_YOUR_CALM")),
        .init("6.10 many octets are one too", torn(8, octets: 16_000), .connectionError("ENHANCE_YOUR_CALM")),
    ]

    /// A request whose fields come in so many CONTINUATION frames.
    private static func torn(_ count: Int, octets: Int = 1) -> [Frame] {
        var frames = [headers(1).get().field("a", String(repeating: "b", count: octets)).open().end()]
        for _ in 1..<count { frames.append(continuation(1).field("a", String(repeating: "b", count: octets)).open()) }
        return frames + [continuation(1)]
    }

    /// Where one batch of frames ends and the server speaks before the next.
    static let pause = Frame(0xFF, stream: 0)

    /// A literal field that enters the table (RFC 7541 §6.2.1).
    static func indexed(_ name: String, _ value: String) -> [UInt8] {
        [0x40] + Frame.integer(name.utf8.count, prefix: 7) + Array(name.utf8)
            + Frame.integer(value.utf8.count, prefix: 7) + Array(value.utf8)
    }

    static func with(_ frame: Frame, _ change: (inout Frame) -> Void) -> Frame {
        var copy = frame
        change(&copy)
        return copy
    }
}
