import Model
import Support
import Testing

@testable import DataPlane

struct SessionTokenTests {
    static let keys = SessionKeys(generation: 7, current: Array(1...32), previous: Array(2...33))
    static let token = SessionToken(generation: 7, region: 1, cell: .max, issued: 1_000, seen: 2_000, id: 42)

    static func text(_ token: SessionToken, _ keys: SessionKeys) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: SessionToken.textCount)
        text.withUnsafeMutableBufferPointer { room in
            if let base = room.baseAddress { token.write(to: base, keys) }
        }
        return text
    }

    static func read(_ text: [UInt8], _ keys: SessionKeys) -> SessionToken? {
        text.withUnsafeBytes { SessionToken.read(ByteView($0), keys) }
    }

    @Test func comesBackAsItWent() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for _ in 0..<200 {
            let token = SessionToken(
                generation: 7, region: random.next(), cell: random.next(), issued: UInt32(random.next() >> 32),
                seen: UInt32(random.next() >> 32), id: random.next())
            try #require(Self.read(Self.text(token, Self.keys), Self.keys) == token, "seed \(random.seed)")
        }
    }

    @Test("two keys live; the one before them does not")
    func rotation() {
        let old = SessionKeys(generation: 6, current: Array(2...33))
        let older = SessionKeys(generation: 5, current: Array(3...34))
        #expect(Self.read(Self.text(Self.token, old), Self.keys)?.generation == 6)
        #expect(Self.read(Self.text(Self.token, older), Self.keys) == nil)
        #expect(Self.keys.accepts(7) && Self.keys.accepts(6) && !Self.keys.accepts(5) && !old.accepts(5))
    }

    @Test func anyFlippedBitIsForged() {
        let text = Self.text(Self.token, Self.keys)
        for index in text.indices {
            for bit in 0..<8 {
                var bad = text
                bad[index] ^= 1 << UInt8(bit)
                #expect(Self.read(bad, Self.keys) == nil, "bit \(bit) of character \(index)")
            }
        }
    }

    @Test func anyBytesAreRefused() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let good = Self.text(Self.token, Self.keys)
        for round in 0..<5_000 {
            var text = (0..<Int(random.next(below: 100))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if round % 2 == 0 {
                text = Array(good.shuffled(using: &random).prefix(Int(random.next(below: 80))))
                text += text.prefix(Int(random.next(below: 3)))
            }
            try #require(text == good || Self.read(text, Self.keys) == nil, "\(text), seed \(random.seed)")
        }
    }

    /// (now, has it expired, is it due), with 30 minutes of idle time and a life of 24 hours.
    static let ages: [(UInt32, Bool, Bool)] = [
        (500, false, false), (2_000, false, false), (2_180, false, false), (2_181, false, true), (3_800, false, true),
        (3_801, true, true), (87_401, true, true),
    ]

    @Test("expires and is renewed in time", arguments: ages)
    func isOld(now: UInt32, hasExpired: Bool, isDue: Bool) {
        #expect(Self.token.hasExpired(now, SessionRules()) == hasExpired)
        #expect(Self.token.isDue(now, SessionRules()) == isDue)
    }

    @Test func lifeEndsWhateverWasSeen() {
        var token = Self.token
        token.seen = 87_400
        #expect(!token.hasExpired(87_400, SessionRules()) && token.hasExpired(87_401, SessionRules()))
    }
}
