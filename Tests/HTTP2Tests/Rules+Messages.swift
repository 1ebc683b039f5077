import Support

extension Rules {
    // MARK: Requests (RFC 9113 §8)

    private static func bad(_ rule: String, _ frames: Frame...) -> ConformanceCase {
        ConformanceCase(rule, frames, .streamError(1, "PROTOCOL_ERROR"))
    }
    private static func good(_ rule: String, _ frames: Frame...) -> ConformanceCase {
        ConformanceCase(rule, frames, .answered(1))
    }
    private static func head(_ fields: KeyValuePairs<String, String>) -> Frame {
        fields.reduce(headers(1)) { $0.field($1.key, $1.value) }.end()
    }

    static let messages: [ConformanceCase] = [
        good("8.1 GET", get),
        good("8.1 HEAD", headers(1).request("HEAD", "/").end()),
        good("8.1 POST with a body", headers(1).post(), data(1, count: 5).end()),
        good("8.1 trailers end a request", headers(1).post(), data(1, count: 5), headers(1).field("a", "b").end()),
        good("8.1 trailers without a body", headers(1).post(), headers(1).field("a", "b").end()),
        bad("8.1 trailers that do not end it", headers(1).post(), headers(1).field("a", "b")),
        bad("8.1 trailers with pseudo-fields", headers(1).post(), headers(1).field(":method", "GET").end()),
        bad("8.2.1 upper case in a name", headers(1).get().field("X-Test", "a").end()),
        bad("8.2.1 upper case in a trailer's name", headers(1).post(), headers(1).field("A", "b").end()),
        bad("8.2.1 a blank in a name", headers(1).get().field("x test", "a").end()),
        bad("8.2.1 a colon in a name", headers(1).get().field("x:test", "a").end()),
        bad("8.2.1 an empty name", headers(1).get().field("", "a").end()),
        bad("8.2.1 a byte above 0x7F in a name", headers(1).get().field("é", "a").end()),
        bad("8.2.1 NUL in a value", headers(1).get().field("x-test", [97, 0, 98]).end()),
        bad("8.2.1 CR in a value", headers(1).get().field("x-test", "a\r\nb").end()),
        bad("8.2.1 LF in a value", headers(1).get().field("x-test", "a\nb").end()),
        bad("8.2.1 a blank before a value", headers(1).get().field("x-test", " a").end()),
        bad("8.2.1 a tab behind a value", headers(1).get().field("x-test", "a\t").end()),
        good("8.2.1 bytes above 0x7F in a value", headers(1).get().field("x-test", [0xC3, 0xA9, 0xFF]).end()),
        good("8.2.1 an empty value", headers(1).get().field("x-test", "").end()),
        bad("8.2.2 connection", headers(1).get().field("connection", "keep-alive").end()),
        bad("8.2.2 keep-alive", headers(1).get().field("keep-alive", "timeout=5").end()),
        bad("8.2.2 proxy-connection", headers(1).get().field("proxy-connection", "keep-alive").end()),
        bad("8.2.2 transfer-encoding", headers(1).post().field("transfer-encoding", "chunked").end()),
        bad("8.2.2 upgrade", headers(1).get().field("upgrade", "websocket").end()),
        bad("8.2.2 te other than trailers", headers(1).get().field("te", "trailers, deflate").end()),
        good("8.2.2 te: trailers", headers(1).get().field("te", "trailers").end()),
        good("8.2.3 cookies in pieces", headers(1).get().field("cookie", "a=b").field("cookie", "c=d").end()),
        bad("8.3 an unknown pseudo-field", headers(1).get().field(":test", "ok").end()),
        bad("8.3 a response's pseudo-field", headers(1).get().field(":status", "200").end()),
        bad(
            "8.3 a pseudo-field behind another field",
            head([
                "x-test": "ok", ":method": "GET", ":scheme": "https", ":path": "/",
            ])),
        bad("8.3 a pseudo-field twice", headers(1).get().field(":path", "/").end()),
        bad("8.3.1 no method", head([":scheme": "https", ":path": "/"])),
        bad("8.3.1 no scheme", head([":method": "GET", ":path": "/"])),
        bad("8.3.1 no path", head([":method": "GET", ":scheme": "https"])),
        bad("8.3.1 a method twice", headers(1).get().field(":method", "GET").end()),
        bad("8.3.1 a scheme twice", headers(1).get().field(":scheme", "https").end()),
        bad("8.3.1 an authority twice", headers(1).get().field(":authority", "b.example").end()),
        bad("8.3.1 an empty path", headers(1).request("GET", "").end()),
        bad("8.3.1 a path without its slash", headers(1).request("GET", "a").end()),
        bad("8.3.1 a blank in the path", headers(1).request("GET", "/a b").end()),
        bad("8.3.1 a fragment in the path", headers(1).request("GET", "/a#b").end()),
        bad(
            "8.3.1 a user in the authority",
            head([
                ":method": "GET", ":scheme": "https", ":path": "/", ":authority": "u@a.example",
            ])),
        bad(
            "8.3.1 a user in host",
            head([
                ":method": "GET", ":scheme": "https", ":path": "/", "host": "u:p@a.example",
            ])),
        bad(
            "8.3.1 an empty authority",
            head([
                ":method": "GET", ":scheme": "https", ":path": "/", ":authority": "",
            ])),
        good("8.3.1 an asterisk for OPTIONS", headers(1).request("OPTIONS", "*").end()),
        bad("8.3.1 an asterisk for GET", headers(1).request("GET", "*").end()),
        bad("8.3.1 a method that is no token", headers(1).request("GE T", "/").end()),
        bad(
            "8.3.1 an authority with a blank",
            head([
                ":method": "GET", ":scheme": "https", ":path": "/", ":authority": "a b",
            ])),
        good(
            "8.3.1 host instead of an authority",
            head([
                ":method": "GET", ":scheme": "https", ":path": "/", "host": "a.example",
            ])),
        bad("8.3.1 host twice", headers(1).get().field("host", "a.example").field("host", "b.example").end()),
        bad("8.5 CONNECT with a path", headers(1).request("CONNECT", "/").end()),
        bad("8.5 CONNECT without an authority", head([":method": "CONNECT"])),
        bad(
            "8.1.1 less body than content-length", headers(1).post().field("content-length", "2"),
            data(1, count: 1).end()),
        bad(
            "8.1.1 more body than content-length", headers(1).post().field("content-length", "1"),
            data(1, count: 2).end()),
        bad(
            "8.1.1 more in several frames", headers(1).post().field("content-length", "2"), data(1, count: 1),
            data(1, count: 2).end()),
        bad("8.1.1 content-length and no body", headers(1).post().field("content-length", "1").end()),
        bad(
            "8.1.1 less body before trailers", headers(1).post().field("content-length", "2"), data(1, count: 1),
            headers(1).field("a", "b").end()),
        good(
            "8.1.1 as much body as content-length", headers(1).post().field("content-length", "2"),
            data(1, count: 2).end()),
        bad(
            "8.1.1 content-length twice", headers(1).post().field("content-length", "1").field("content-length", "1"),
            data(1, count: 1).end()),
        bad(
            "8.1.1 a content-length that is no number", headers(1).post().field("content-length", "+1"),
            data(1, count: 1).end()),
        bad(
            "8.1.1 a content-length too large to count",
            headers(1).post().field("content-length", "99999999999999999999")),
    ]

    // MARK: Compressed fields (RFC 7541)

    private static func broken(_ rule: String, _ octets: [UInt8]) -> ConformanceCase {
        ConformanceCase(rule, [headers(1).get().raw(octets).end()], .connectionError("COMPRESSION_ERROR"))
    }
    private static func readable(_ rule: String, _ octets: [UInt8]) -> ConformanceCase {
        ConformanceCase(rule, [headers(1).get().raw(octets).end()], .answered(1))
    }

    static let fields: [ConformanceCase] = [
        ConformanceCase(
            "2.3.1 the static table", [headers(1).raw([0x82, 0x87, 0x84]).field(":authority", "a").end()],
            .answered(1)),
        readable("2.3.2 a field of the dynamic table", indexed("x-a", "b") + [0xBE]),
        broken("2.3.3 an index beyond both tables", [0xFF, 0x00]),
        broken("2.3.3 a name's index beyond both tables", [0x7F, 0x00, 0x01, 0x61]),
        broken("4.2 a table size that comes too late", [0x20]),
        ConformanceCase("4.2 a table size at the beginning", [headers(1).raw([0x20]).get().end()], .answered(1)),
        ConformanceCase(
            "4.2 twice at the beginning", [headers(1).raw([0x20, 0x3F, 0xE1, 0x1F]).get().end()], .answered(1)),
        ConformanceCase(
            "6.3 a table size above the setting", [headers(1).raw([0x3F, 0xE2, 0x1F]).get().end()],
            .connectionError("COMPRESSION_ERROR")),
        broken("5.1 an integer without end", [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
        broken(
            "5.2 padding of more than 7 bits",
            [0x00, 0x85, 0xF2, 0xB2, 0x4A, 0x84, 0xFF, 0x84, 0x49, 0x50, 0x9F, 0xFF]),
        broken("5.2 padding of zeros", [0x00, 0x85, 0xF2, 0xB2, 0x4A, 0x84, 0xFF, 0x83, 0x49, 0x50, 0x90]),
        broken(
            "5.2 the code that ends a string",
            [0x00, 0x85, 0xF2, 0xB2, 0x4A, 0x84, 0xFF, 0x87, 0x49, 0x51, 0xFF, 0xFF, 0xFF, 0xFA, 0x7F]),
        readable("5.2 a string of Huffman codes", [0x00, 0x85, 0xF2, 0xB2, 0x4A, 0x84, 0xFF, 0x83, 0x49, 0x50, 0x9F]),
        broken("6.1 index 0", [0x80]),
        readable("6.2.1 a literal that enters the table", indexed("x-a", "b")),
        readable("6.2.2 a literal that does not, its name by index", [0x0F, 0x0B, 0x01, 0x61]),
        readable("6.2.3 a literal that never may", [0x10, 0x03, 0x78, 0x2D, 0x61, 0x01, 0x62]),
        broken("6.2 a literal cut short", [0x00, 0x05, 0x61]),
        ConformanceCase(
            "4.3 a block torn within a field",
            [
                headers(1).get().raw([0x00, 0x03, 0x78]).open().end(), continuation(1).raw([0x2D, 0x61, 0x01, 0x62]),
            ], .answered(1)),
    ]
}
