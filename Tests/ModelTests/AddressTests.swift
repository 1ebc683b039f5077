import Model
import Testing

struct AddressTests {
    /// Text, and how it is written back.
    static let addresses: [(String, String)] = [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:db8::1", "2001:db8::1"),
        ("2001:DB8:0:0:0:0:0:A", "2001:db8::a"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("0001:0:0:0:0:0:0:0", "1::"),
        ("::ffff:1.2.3.4", "::ffff:102:304"), ("::1.2.3.4", "::102:304"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ]

    @Test("is read and written", arguments: addresses)
    func reads(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(address.isIPv6 == text.contains(":"))
    }

    @Test(
        "is no address",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1..3.4", "1.2.3.", " 1.2.3.4",
            "+1.2.3.4",
            "1.2.3.0x4", "a.b.c.d", "１.2.3.4", ":", ":::", ":1", "1:", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "1::2::3", "1:::2", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "+1::", "-1::", "::1%eth0",
            "[::1]", "::1.2.3", "::1.2.3.4:5", "1.2.3.4::", "1.2.3.4::5", "1:2:3:4:5:6:7:1.2.3.4", "Ａ::", "::1 ",
        ])
    func refuses(text: String) { #expect(IPAddress(text) == nil) }

    @Test func keepsBytesInNetworkOrder() {
        let v4 = IPAddress(v4: 0x0102_0304)
        #expect((0..<4).map { v4.byte($0) } == [1, 2, 3, 4])
        let v6 = IPAddress(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F)
        #expect((0..<16).map { v6.byte($0) } == Array(0..<16))
    }

    @Test(
        "knows loopback",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.3", true), ("128.0.0.1", false), ("126.0.0.1", false), ("::1", true),
            ("::2", false), ("::", false), ("1::1", false), ("7f00::1", false),
        ])
    func isLoopback(text: String, expected: Bool) { #expect(IPAddress(text)?.isLoopback == expected) }

    static let places: [(String, Address)] = [
        ("127.0.0.1:80", .ip(.loopback, port: 80)), ("0.0.0.0:0", .ip(IPAddress(v4: 0), port: 0)),
        ("[::1]:65535", .ip(IPAddress(high: 0, low: 1), port: 65_535)),
        ("unix:/run/a.sock", .unix(path: "/run/a.sock")), ("unix:a:1", .unix(path: "a:1")),
        ("unix:" + String(repeating: "p", count: 107), .unix(path: String(repeating: "p", count: 107))),
        ("name.example:80", .name("name.example", port: 80)), ("localhost:1", .name("localhost", port: 1)),
        ("Name-1.Example:443", .name("name-1.example", port: 443)), ("_grpc.a1:1", .name("_grpc.a1", port: 1)),
        ("1password.example:1", .name("1password.example", port: 1)),
    ]

    @Test("place is read and written", arguments: places)
    func readsPlace(text: String, expected: Address) {
        #expect(Address(text) == expected)
        #expect(Address(expected.description) == expected)
    }

    @Test(
        "is no place",
        arguments: [
            "", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
            "127.0.0.1:http",
            "127.0.0.1:80 ", "127.0.0.1:８０", "::1:80", "[::1]", "[::1]80", "[127.0.0.1]:80", "[::1:80", "::1]:80",
            "[]:80",
            "1.2.3:80", "1.2.3.4.5:80", "1.2.3.999:80", "a..b:80", ".a:80", "a.:80", "-a.b:80", "a-.b:80", "a b:80",
            "ä.b:80",
            "http://a:80", "a:80/x", "unix:", "unix:a\0b", "unix:" + String(repeating: "p", count: 108),
            String(repeating: "l", count: 64) + ".a:80", String(repeating: "l.", count: 127) + "ll:80",
        ])
    func refusesPlace(text: String) { #expect(Address(text) == nil) }
}
