import Support
import Testing

@testable import HTTP2

struct FrameHeadTests {
    @Test("reads the nine octets", arguments: FrameScannerTests.traffic + [Frame(255, flags: 255, stream: .max)])
    func reads(frame: Frame) {
        let bytes = frame.bytes
        let head = FrameHead(start: Frame.number(bytes[..<8]), last: bytes[8])
        #expect(head.length == bytes.count - 9)
        #expect((head.type, head.flags) == (frame.type, frame.flags))
        #expect(head.stream == frame.stream & 0x7FFF_FFFF, "the reserved bit says nothing")
    }
}
