import Discovery
import Model
import Testing

@testable import ControlPlane

struct EndpointReadingTests {
    /// `echo > FILE`, then the rest: what is there in between is nobody's wish.
    @Test func aFileIsReadOnceTwoLooksAgree() async throws {
        let file = try EndpointsText("10.0.0.1:80\n")
        var table = FileTable()
        let first = try #require(await EndpointReading.all(of: [file.path]).first)
        table.adopt([file.path: .init(stamp: first.stamp, addresses: try #require(first.result).get())], now: .zero)
        #expect(await EndpointReading.stale(in: table, now: .zero).isEmpty)
        for text in ["", "10.0.0.2:80\n10.0.0.3:80\n"] {
            try file.write(text)
            let reading = try #require(await EndpointReading.stale(in: table, now: .zero).first)
            #expect(reading.result == nil)
            table.saw(reading.path, reading.stamp)
        }
        let last = try #require(await EndpointReading.stale(in: table, now: .zero).first)
        #expect(
            last.result
                == .success([
                    .ip(IPAddress(v4: 0x0A00_0002), port: 80), .ip(IPAddress(v4: 0x0A00_0003), port: 80),
                ]))
    }
}
