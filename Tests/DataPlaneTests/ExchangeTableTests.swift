import HTTP2
import Model
import Testing

@testable import DataPlane

struct ExchangeTableTests {
    private func fill(_ slot: (exchange: ExchangeRef, tag: StreamTag), _ fixture: WorkerFixture, _ client: Int) {
        let head = fixture.worker.headerBlocks.take()
        slot.exchange.initialize(
            to: Exchange(
                tag: slot.tag, downstream: fixture.connection(client), stream: 1, head: head, now: fixture.now))
    }

    @Test("a tag finds its exchange until it ends, and never another one's")
    func tagsGoStale() throws {
        let fixture = try WorkerFixture()
        let client = fixture.connect()
        var table = ExchangeTable()
        var old: [StreamTag] = []
        for _ in 0..<10 {
            let slot = table.take()
            fill(slot, fixture, client)
            #expect(table.find(slot.tag) == slot.exchange)
            #expect(table.liveCount == 1)
            for tag in old { #expect(table.find(tag) == nil) }
            table.give(back: slot.exchange)
            #expect(table.find(slot.tag) == nil)
            old.append(slot.tag)
        }
        #expect(Set(old).count == 10)
        #expect(Set(old.map { $0 & 0xFFFF_FFFF }).count == 1, "the same slot all the time")
    }

    @Test("tags that nobody gave out find nothing", arguments: [0, 1, 2, 1 << 32, 1 << 32 | 300, .max] as [StreamTag])
    func strangeTags(tag: StreamTag) {
        let table = ExchangeTable()
        #expect(table.find(tag) == nil)
    }

    @Test("grows without moving what is in it")
    func grows() throws {
        let fixture = try WorkerFixture()
        let client = fixture.connect()
        var table = ExchangeTable()
        var slots: [(exchange: ExchangeRef, tag: StreamTag)] = []
        for _ in 0..<600 {
            let slot = table.take()
            fill(slot, fixture, client)
            slots.append(slot)
        }
        #expect(table.liveCount == 600)
        #expect(slots.allSatisfy { $0.tag != 0 && table.find($0.tag) == $0.exchange })
        let even = table.liveTags { $0.pointee.tag % 2 == 0 }
        #expect(Set(even) == Set(slots.map(\.tag).filter { $0 % 2 == 0 }))
        for slot in slots { table.give(back: slot.exchange) }
        #expect(table.liveCount == 0 && table.liveTags { _ in true }.isEmpty)
    }
}
