import HTTP2
import Model
import Testing

@testable import DataPlane

struct RequestIdentityTests {
    private func fields(_ identity: RequestIdentity, hasID: Bool = false, hasTrace: Bool = false) -> [String: String] {
        let pool = HeaderBlockPool()
        let block = pool.take()
        defer { pool.give(back: block) }
        identity.append(to: block, hasRequestID: hasID, hasTraceparent: hasTrace)
        var fields: [String: String] = [:]
        for index in 0..<block.count { fields[block.name(index).text] = block.value(index).text }
        return fields
    }

    private func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    @Test("writes sixteen digits", arguments: [0, 1, 9, 10, 15, 16, 0x0123_4567_89AB_CDEF, 0x9A_A9, .max] as [UInt64])
    func writesDigits(value: UInt64) {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
        defer { bytes.deallocate() }
        RequestIdentity.write(value, to: bytes)
        #expect(ByteView(base: bytes, count: 16).text == hex(value))
    }

    @Test("a trace of W3C's form, not sampled, and an id that begins like it")
    func forms() throws {
        let identity = RequestIdentity(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        let fields = fields(identity)
        let trace = try #require(fields["traceparent"])
        let parts = trace.split(separator: "-")
        #expect(parts.map(\.count) == [2, 32, 16, 2])
        #expect(parts[0] == "00" && parts[3] == "00")
        #expect(parts[1] == "0123456789abcdeffedcba9876543210")
        #expect(parts[2] != "0000000000000000", "a span of zeros is invalid")
        #expect(fields["x-request-id"] == String(parts[1].prefix(20)))
    }

    @Test("no span is all zeros, whatever was drawn", arguments: [0, 1, 1 << 63, .max] as [UInt64])
    func spansAreValid(high: UInt64) {
        let trace = fields(RequestIdentity(high: high, low: 1))["traceparent"]
        #expect(trace?.split(separator: "-")[2] != "0000000000000000")
    }

    @Test("adds only what is missing")
    func addsWhatIsMissing() {
        let identity = RequestIdentity(high: 1, low: 2)
        #expect(fields(identity, hasID: true, hasTrace: true).isEmpty)
        #expect(fields(identity, hasID: true).keys.sorted() == ["traceparent"])
        #expect(fields(identity, hasTrace: true).keys.sorted() == ["x-request-id"])
    }
}
