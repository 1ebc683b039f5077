import Model
import Support
import Testing

struct AddressRangeTests {
    @Test(
        "is read and written",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("0.0.0.0/0", "0.0.0.0/0"), ("192.0.2.1", "192.0.2.1/32"),
            ("192.0.2.128/25", "192.0.2.128/25"), ("::/0", "::/0"), ("::1", "::1/128"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("2001:db8:0:0:8000::/65", "2001:db8:0:0:8000::/65"), ("fe80::/10", "fe80::/10"),
        ])
    func reads(text: String, canonical: String) { #expect(AddressRange(text)?.description == canonical) }

    @Test(
        "is no range",
        arguments: [
            "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8",
            "10.0.0.0/256", "10.0.0.0/a", "10.0.0.0 /8", "10.0.0.0/ 8", "10.0.0.1/8", "10.1.0.0/15", "0.0.0.1/0",
            "::1/127",
            "2001:db8:0:0:4000::/65", "a.example/8",
        ])
    func refuses(text: String) { #expect(AddressRange(text) == nil) }

    static let rows: [(String, inside: [String], outside: [String])] = [
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "a00::"]),
        ("192.0.2.1/32", ["192.0.2.1"], ["192.0.2.0", "192.0.2.2"]),
        ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1"]),
        ("::/0", ["::", "ffff::1"], ["0.0.0.0"]),
        ("2001:db8::/64", ["2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"], ["2001:db8:0:1::", "2001:db7::"]),
        ("2001:db8::/65", ["2001:db8::7fff:0:0:0"], ["2001:db8::8000:0:0:0", "2001:db8:0:1::"]),
        ("::1/128", ["::1"], ["::", "::2", "1::1"]),
    ]

    @Test("holds what begins with its bits", arguments: rows)
    func contains(range: String, inside: [String], outside: [String]) throws {
        let range = try #require(AddressRange(range))
        for text in inside { #expect(range.contains(try #require(IPAddress(text))), "\(text)") }
        for text in outside { #expect(!range.contains(try #require(IPAddress(text))), "\(text)") }
    }

    /// Bit by bit, and back through text. Replay: PORTOLAN_SEED=<seed>.
    @Test func agreesWithComparingBits() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<2_000 {
            let replay: Comment = "seed \(random.seed), round \(round)"
            let isIPv6 = random.next() & 1 == 0
            let address =
                isIPv6 ? IPAddress(high: random.next(), low: random.next()) : IPAddress(v4: UInt32(random.next() >> 32))
            let flipped = Int(random.next(below: isIPv6 ? 128 : 32))
            let length = UInt8(random.next(below: isIPv6 ? 129 : 33))
            let range = AddressRange(address: address, prefixLength: length)
            let other = Self.flip(flipped, of: address)
            try #require(range.contains(address), replay)
            try #require(range.contains(other) == (flipped >= Int(length)), replay)
            try #require(IPAddress(address.description) == address, replay)
        }
    }

    private static func flip(_ bit: Int, of address: IPAddress) -> IPAddress {
        let mask = UInt64(1) << UInt64(63 - bit % 64)
        guard address.isIPv6 else { return IPAddress(v4: UInt32((address.high ^ mask) >> 32)) }
        return bit < 64
            ? IPAddress(high: address.high ^ mask, low: address.low)
            : IPAddress(high: address.high, low: address.low ^ mask)
    }
}
