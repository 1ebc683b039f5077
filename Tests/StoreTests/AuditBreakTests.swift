import Testing

@testable import Store

struct AuditBreakTests {
    static let rows: [(AuditBreak.Reason, String)] = [
        (.gap(found: 9), "entry 4 is missing: 9 stands in its place"),
        (.previousDiffers, "entry 4 does not follow the one before it: that one was replaced or removed"),
        (.hashDiffers, "entry 4 was changed: its hash is not that of its contents"),
        (.truncated(head: 12), "entry 4 is missing: the log was cut, and reached 12 before"),
        (.headDiffers, "entry 4 is not the one that was noted: the log was written anew"),
    ]

    @Test("says which entry and why", arguments: rows)
    func says(reason: AuditBreak.Reason, text: String) {
        #expect(AuditBreak(number: 4, reason).description == text)
    }
}
