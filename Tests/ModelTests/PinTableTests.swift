import Model
import Support
import Testing

struct PinTableTests {
    static func find(_ name: String, in table: PinTable) -> TenantPin? {
        Array(name.utf8).withUnsafeBytes { table.find(ByteView($0)) }
    }

    static func pin(_ index: Int) -> TenantPin {
        TenantPin(home: RegionID(rawValue: UInt16(index % 60)), jurisdictions: UInt64(index % 13) | 1 << 63)
    }

    @Test(
        "every name finds its own pin and no other name finds one",
        arguments: [SipHash.Key.zero, .init(low: 5, high: 9)])
    func findsItsOwn(key: SipHash.Key) throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        var names: [String: TenantPin] = [:]
        while names.count < 5_000 {
            // Short ones too, and such as differ in one byte only.
            let stem = ["", "t", "tenant-", "a-very-long-name-of-a-tenant-"][Int(random.next(below: 4))]
            names["\(stem)\(random.next(below: 4_000))"] = PinTableTests.pin(names.count)
        }
        let table = PinTable(names.map { (name: $0.key, pin: $0.value) }, key: key)
        #expect(table.count == 5_000)
        for (name, pin) in names {
            try #require(PinTableTests.find(name, in: table) == pin, "seed \(random.seed), \(name)")
            let other = name + "x"
            try #require(PinTableTests.find(other, in: table) == names[other], "seed \(random.seed), \(other)")
        }
    }

    @Test("nobody, everybody's prefix, and the empty name are not pinned")
    func unknown() {
        let table = PinTable([(name: "acme", pin: PinTableTests.pin(1))], key: .zero)
        for name in ["", "a", "acm", "Acme", "acme ", "acmeacme"] {
            #expect(PinTableTests.find(name, in: table) == nil)
        }
        #expect(PinTableTests.find("acme", in: PinTable.empty) == nil && table.find(.absent) == nil)
    }

    @Test("the first of two pins counts, and names that cannot come are left out")
    func oddPins() {
        let long = String(repeating: "x", count: 65_536)
        let table = PinTable(
            [
                (name: "a", pin: PinTableTests.pin(1)), (name: "a", pin: PinTableTests.pin(2)),
                (name: "", pin: PinTableTests.pin(3)), (name: long, pin: PinTableTests.pin(4)),
                (name: String(long.dropLast()), pin: PinTableTests.pin(5)),
            ], key: .zero)
        #expect(table.count == 2 && PinTableTests.find("a", in: table) == PinTableTests.pin(1))
        #expect(PinTableTests.find(long, in: table) == nil)
        #expect(PinTableTests.find(String(long.dropLast()), in: table) == PinTableTests.pin(5))
    }

    @Test("a million tenants with names of 24 bytes fit into 64 MiB")
    func isSmall() {
        let table = PinTable(
            (0..<20_000).map { (name: "tenant-\(1_000_000_000 + $0)-fleet7", pin: PinTableTests.pin($0)) }, key: .zero)
        #expect(table.count == 20_000)
        #expect(table.byteCount * 50 <= 64 * 1_048_576, "\(table.byteCount * 50)")
    }
}
