import Model
import Testing

@testable import Admin

struct SignInTableTests {
    private func time(_ milliseconds: UInt64) -> LoopTime { LoopTime(nanoseconds: milliseconds * 1_000_000) }

    @Test("use prolongs, up to the whole life")
    func lives() {
        let table = SignInTable()
        let id = table.open(secret: "s", now: time(0))
        #expect(id.count == 64 && table.use(id, now: time(SignInTable.idleMilliseconds - 1))?.secret == "s")
        #expect(table.use(id, now: time(2 * SignInTable.idleMilliseconds - 2)) != nil)
        #expect(table.use(id, now: time(3 * SignInTable.idleMilliseconds)) == nil && table.count == 0)
        #expect(table.use("", now: time(0)) == nil)
    }

    @Test("above its capacity the longest unused one goes")
    func bounds() {
        let table = SignInTable()
        let ids = (0..<SignInTable.capacity).map { table.open(secret: "\($0)", now: time(UInt64($0))) }
        _ = table.use(ids[0], now: time(5_000))
        _ = table.open(secret: "more", now: time(5_001))
        #expect(table.count == SignInTable.capacity)
        #expect(table.use(ids[0], now: time(5_002)) != nil && table.use(ids[1], now: time(5_002)) == nil)
    }

    @Test("who has one token ends only sign-ins of that token, the longest unused first")
    func boundsOfToken() {
        let table = SignInTable()
        let other = table.open(secret: "other", now: time(0))
        let ids = (0..<SignInTable.capacity).map { table.open(secret: "s", now: time(UInt64($0) + 1)) }
        let now = time(UInt64(SignInTable.capacity) + 1)
        #expect(table.count == SignInTable.capacityOfToken + 1 && table.use(other, now: now) != nil)
        let lasting = ids.suffix(SignInTable.capacityOfToken)
        #expect(ids.filter { table.use($0, now: now) != nil } == Array(lasting))
    }
}
