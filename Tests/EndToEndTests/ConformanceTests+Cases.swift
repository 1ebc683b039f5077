/// The cases, in the order of RFC 9113.
extension ConformanceTests {
    private static let get = FrameClient.get("/")
    private static let slow = FrameClient.get("/slow")
    private static let post = FrameClient.post("/")
    private static let protocolError: Verdict = .connection([Code.protocolError])
    private static let sizeError: Verdict = .connection([Code.frameSizeError])

    private static func octets(_ count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }

    static let framesCases: [Case] = [
        Case("an unknown type is ignored (4.1)", .fine, Frame(type: 0x16, flags: 0, stream: 0, octets(8))),
        Case("undefined flags are ignored (4.1)", .fine, Frame(.ping, flags: 0x16, octets(8))),
        Case("the reserved bit is ignored (4.1)", .fine, Frame(.ping, stream: 1 << 31, octets(8))),
        Case("DATA of 16,384 octets (4.2)", .fine) { client in
            client.send(.headers(1, post, end: false), .data(1, octets(16_384), end: true))
            _ = try client.answer(to: 1)
        },
        Case(
            "DATA of more (4.2)", .stream(1, [Code.frameSizeError]), .headers(1, post, end: false),
            .data(1, octets(16_385), end: true)),
        Case(
            "HEADERS of more (4.2)", sizeError,
            Frame(.headers, flags: Frame.endHeaders | Frame.endStream, stream: 1, octets(16_385))),
        Case("DATA on stream 0 (6.1)", protocolError, .data(0, octets(1))),
        Case(
            "DATA with more padding than payload (6.1)", protocolError, .headers(1, post, end: false),
            Frame(.data, flags: Frame.padded, stream: 1, [6, 1, 2, 3, 4, 5])),
        Case("padded DATA (6.1)", .fine) { client in
            let data = Frame(.data, flags: Frame.padded | Frame.endStream, stream: 1, [3, 9, 9, 0, 0, 0])
            client.send(.headers(1, post, end: false), data)
            _ = try client.answer(to: 1)
        },
        Case("HEADERS on stream 0 (6.2)", protocolError, .headers(0, get, end: true)),
        Case(
            "HEADERS with more padding than payload (6.2)", protocolError,
            Frame(.headers, flags: 13, stream: 1, [200] + get.encoded)),
        Case("padded HEADERS with priority (6.2)", .fine) { client in
            let payload = [2] + [0, 0, 0, 0, 15] + get.encoded + [0, 0]
            client.send(Frame(.headers, flags: 0x2D, stream: 1, payload))
            _ = try client.answer(to: 1)
        },
        Case("PRIORITY on stream 0 (6.3)", protocolError, Frame(.priority, [0, 0, 0, 0, 1])),
        Case(
            "PRIORITY of four octets (6.3)", .stream(1, [Code.frameSizeError]), .headers(1, slow, end: true),
            Frame(.priority, stream: 1, octets(4))),
        Case("PRIORITY on an idle stream (5.1)", .fine, Frame(.priority, stream: 1, [0, 0, 0, 0, 1])),
        Case(
            "a stream on top of itself in PRIORITY", .stream(3, [Code.protocolError]),
            Frame(.priority, stream: 3, [0, 0, 0, 3, 1])),
        Case("RST_STREAM on stream 0 (6.4)", protocolError, .reset(0, Code.cancel)),
        Case(
            "RST_STREAM of three octets (6.4)", sizeError, .headers(1, slow, end: true),
            Frame(.reset, stream: 1, octets(3))),
        Case(
            "PUSH_PROMISE from a client (8.4)", protocolError,
            Frame(.pushPromise, flags: Frame.endHeaders, stream: 1, Frame.word(2) + get.encoded)),
        Case("GOAWAY on a stream (6.8)", protocolError, Frame(.goaway, stream: 1, octets(8))),
    ]

    static let statesCases: [Case] = [
        Case("DATA on an idle stream (5.1)", protocolError, .data(1, octets(1), end: true)),
        Case("RST_STREAM on an idle stream (5.1)", protocolError, .reset(1, Code.cancel)),
        Case("WINDOW_UPDATE on an idle stream (5.1)", protocolError, .windowUpdate(1, 100)),
        Case(
            "CONTINUATION on an idle stream (5.1)", protocolError,
            Frame(.continuation, flags: Frame.endHeaders, stream: 1, get.encoded)),
        Case(
            "DATA after END_STREAM (5.1)", .stream(1, [Code.streamClosed]), .headers(1, slow, end: true),
            .data(1, octets(1), end: true)),
        Case(
            "HEADERS after END_STREAM (5.1)", .stream(1, [Code.streamClosed]), .headers(1, slow, end: true),
            .headers(1, get, end: true)),
        Case(
            "CONTINUATION after END_STREAM (5.1)", .connection([Code.streamClosed, Code.protocolError]),
            .headers(1, slow, end: true), Frame(.continuation, flags: Frame.endHeaders, stream: 1, get.encoded)),
        Case(
            "DATA after RST_STREAM (5.1)", .stream(1, [Code.streamClosed]), .headers(1, post, end: false),
            .reset(1, Code.cancel), .data(1, octets(1), end: true)),
        Case(
            "HEADERS after RST_STREAM (5.1)", .stream(1, [Code.streamClosed]), .headers(1, slow, end: true),
            .reset(1, Code.cancel), .headers(1, get, end: true)),
        Case("DATA on a closed stream (5.1)", .connection([Code.streamClosed])) { client in
            _ = try client.exchange(get)
            client.send(.data(1, octets(1), end: true))
        },
        Case("HEADERS on a closed stream (5.1)", .connection([Code.streamClosed, Code.protocolError])) { client in
            _ = try client.exchange(get)
            client.send(.headers(1, get, end: true))
        },
        Case("WINDOW_UPDATE, PRIORITY and RST_STREAM on a closed stream (5.1)", .fine) { client in
            _ = try client.exchange(get)
            client.send(.windowUpdate(1, 10), Frame(.priority, stream: 1, [0, 0, 0, 0, 1]), .reset(1, Code.cancel))
        },
        Case("an even stream (5.1.1)", protocolError, .headers(2, get, end: true)),
        Case("a lower stream (5.1.1)", protocolError, .headers(5, slow, end: true), .headers(3, get, end: true)),
        Case("more streams than allowed (5.1.2)", .stream(201, [Code.refusedStream, Code.protocolError])) { client in
            for index in 0..<101 { client.send(.headers(UInt32(index * 2 + 1), slow, end: true)) }
        },
        Case(
            "a second head that does not end the stream (8.1)", .stream(1, [Code.protocolError]),
            .headers(1, post, end: false), .headers(1, ["x": "1"], end: false)),
        Case(
            "a pseudo-header in trailers (8.1)", .stream(1, [Code.protocolError]),
            .headers(1, post, end: false), .headers(1, [":path": "/"], end: true)),
    ]

    static let controlCases: [Case] = [
        Case("SETTINGS are acknowledged (6.5.3)", .fine, .settings([(3, 100)])),
        Case("an acknowledgement with a payload (6.5)", sizeError, Frame(.settings, flags: Frame.ack, octets(6))),
        Case("SETTINGS on a stream (6.5)", protocolError, Frame(.settings, stream: 1, octets(6))),
        Case("SETTINGS of seven octets (6.5)", sizeError, Frame(.settings, octets(7))),
        Case("ENABLE_PUSH of 2 (6.5.2)", protocolError, .settings([(2, 2)])),
        Case(
            "an initial window above the largest (6.5.2)", .connection([Code.flowControlError]),
            .settings([(4, 1 << 31)])),
        Case("a frame size below the smallest (6.5.2)", protocolError, .settings([(5, 16_383)])),
        Case("a frame size above the largest (6.5.2)", protocolError, .settings([(5, 1 << 24)])),
        Case("an unknown setting (6.5.2)", .fine, .settings([(0xFF, 1)])),
        Case("PING is answered with its octets (6.7)", .fine) { client in
            client.send(Frame(.ping, [1, 2, 3, 4, 5, 6, 7, 8]))
            try client.wait(for: "the answer") { client.pingAcknowledgements == [[1, 2, 3, 4, 5, 6, 7, 8]] }
        },
        Case("the answer to a PING is not answered (6.7)", .fine) { client in
            client.send(Frame(.ping, flags: Frame.ack, octets(8)), Frame(.ping, [9, 9, 9, 9, 9, 9, 9, 9]))
            try client.wait(for: "one answer") { client.pingAcknowledgements == [[9, 9, 9, 9, 9, 9, 9, 9]] }
        },
        Case("PING on a stream (6.7)", protocolError, Frame(.ping, stream: 1, octets(8))),
        Case("PING of six octets (6.7)", sizeError, Frame(.ping, octets(6))),
        Case("a window of the connection that grows by 0 (6.9)", protocolError, .windowUpdate(0, 0)),
        Case(
            "a window of a stream that grows by 0 (6.9)", .stream(1, [Code.protocolError]),
            .headers(1, slow, end: true), .windowUpdate(1, 0)),
        Case("WINDOW_UPDATE of three octets (6.9)", sizeError, Frame(.windowUpdate, octets(3))),
        Case(
            "a window of the connection past the largest (6.9.1)", .connection([Code.flowControlError]),
            .windowUpdate(0, 0x7FFF_FFFF)),
        Case(
            "a window of a stream past the largest (6.9.1)", .stream(1, [Code.flowControlError]),
            .headers(1, slow, end: true), .windowUpdate(1, 0x7FFF_FFFF)),
        Case("no more than the window allows (6.9.1)", .fine) { client in
            client.creditsWindows = false
            client.send(.settings([(4, 3)]), .headers(1, get, end: true))
            try client.wait(for: "three octets") { client.answers[1]?.body.count == 3 }
            try client.roundTrip()
            guard client.answers[1]?.body.count == 3 else { throw HarnessError("more than the window") }
            client.send(.settings([(4, 5)]))
            try client.wait(for: "two more") { client.answers[1]?.body.count == 5 }
            // The window is below zero now, and opens only above it (6.9.2).
            client.send(.settings([(4, 0)]), .windowUpdate(1, 5))
            try client.roundTrip()
            guard client.answers[1]?.body.count == 5 else { throw HarnessError("a window below zero was used") }
            client.send(.windowUpdate(1, 100))
            _ = try client.answer(to: 1)
        },
    ]

    static let blocksCases: [Case] = [
        Case("a head in several CONTINUATION frames (6.10)", .fine) { client in
            let block = get.encoded
            client.send(
                Frame(.headers, flags: Frame.endStream, stream: 1, Array(block[..<10])),
                Frame(.continuation, stream: 1, Array(block[10..<20])),
                Frame(.continuation, flags: Frame.endHeaders, stream: 1, Array(block[20...])))
            _ = try client.answer(to: 1)
        },
        Case(
            "another frame inside a head (4.3)", protocolError,
            Frame(.headers, flags: Frame.endStream, stream: 1, get.encoded), Frame(.ping, octets(8))),
        Case(
            "an unknown frame inside a head (5.5)", protocolError,
            Frame(.headers, flags: Frame.endStream, stream: 1, get.encoded), Frame(type: 0x16, octets(8))),
        Case(
            "another stream's head inside a head (4.3)", protocolError,
            Frame(.headers, flags: Frame.endStream, stream: 1, get.encoded), .headers(3, get, end: true)),
        Case(
            "CONTINUATION of another stream (6.10)", protocolError,
            Frame(.headers, flags: Frame.endStream, stream: 1, get.encoded),
            Frame(.continuation, flags: Frame.endHeaders, stream: 3, [])),
        Case(
            "CONTINUATION on stream 0 (6.10)", protocolError,
            Frame(.headers, flags: Frame.endStream, stream: 1, get.encoded),
            Frame(.continuation, flags: Frame.endHeaders, stream: 0, [])),
        Case(
            "an index of 0 (RFC 7541 6.1)", .connection([Code.compressionError]), head(octets: [0x80])),
        Case(
            "an index past the tables (RFC 7541 2.3.3)", .connection([Code.compressionError]),
            head(octets: [0xFF, 0x80, 0x08])),
        Case(
            "a table larger than allowed (RFC 7541 6.3)", .connection([Code.compressionError]),
            head(octets: [0x3F, 0xE2, 0x1F] + get.encoded)),
        Case(
            "a table's size at the end (RFC 7541 4.2)", .connection([Code.compressionError]),
            head(octets: get.encoded + [0x20])),
        Case(
            "Huffman padding of eight bits (RFC 7541 5.2)", .connection([Code.compressionError]),
            head(octets: get.encoded + [0x00, 0x81, 0xF3, 0x82, 0xFF, 0xFF])),
        Case(
            "Huffman padding of zeros (RFC 7541 5.2)", .connection([Code.compressionError]),
            head(octets: get.encoded + [0x00, 0x01, 0x78, 0x81, 0x00])),
        Case(
            "Huffman's EOS (RFC 7541 5.2)", .connection([Code.compressionError]),
            head(octets: get.encoded + [0x00, 0x01, 0x78, 0x84, 0xFF, 0xFF, 0xFF, 0xFF])),
        Case(
            "a block that is cut off (RFC 7541)", .connection([Code.compressionError]),
            head(octets: [0x00, 0x05, 0x78])),
    ]

    private static func head(octets: [UInt8]) -> Frame {
        Frame(.headers, flags: Frame.endHeaders | Frame.endStream, stream: 1, octets)
    }
}
