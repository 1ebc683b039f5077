import Model

@testable import Store

/// Values of every kind that a store keeps, out of few names, so that they meet again.
struct Samples {
    var random: SplitMix64

    init(_ random: SplitMix64 = SplitMix64(seed: 1)) { self.random = random }

    mutating func below(_ bound: Int) -> Int { Int(random.next(below: UInt32(bound))) }

    mutating func name(_ kind: String) -> String { "\(kind)-\(below(4))" }

    /// With all that text can be, but for the NUL that only audit entries must survive.
    mutating func text() -> String {
        ["", "a", "it's \"quoted\"; --", "zwölf 🚢", "line\nbreak", String(repeating: "long ", count: 300)][below(6)]
    }

    /// Of all 64 bits.
    mutating func wide() -> UInt64 { [0, 1, UInt64(Int64.max) + 5, .max, random.next()][below(5)] }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }

    mutating func setting() -> StoredSetting {
        let kind = StoredSetting.Kind.allCases[below(2)]
        return StoredSetting(
            kind: kind, region: name("region"), cell: kind == .dial ? "" : name("cell"), percent: below(101),
            reason: text(), who: text(), setAt: wide(), expiresAt: below(2) == 0 ? nil : wide())
    }

    mutating func drain() -> StoredDrain {
        StoredDrain(
            id: UInt32(below(9)) + 1, region: name("region"), cell: name("cell"), mode: ["ramp", "now"][below(2)],
            state: "draining", reason: text(), who: text(), startedAt: wide(), expiresAt: wide(),
            overMilliseconds: wide(), firstPercent: below(101), admissionPercent: below(101), stepAt: wide(),
            errorShareBefore: Double(below(100)) / 100)
    }

    mutating func pin() -> StoredPin {
        StoredPin(
            tenant: name("tenant"), home: name("region"), residency: (0..<below(4)).map { _ in name("place") },
            reason: text(), who: text(), setAt: wide())
    }

    mutating func token() -> StoredToken {
        StoredToken(
            id: name("token"), name: text(), role: "viewer", hash: bytes(32), createdAt: wide(), createdBy: text(),
            expiresAt: wide(), revokedAt: below(2) == 0 ? nil : wide())
    }

    mutating func keys() -> SecretKeys {
        let first = SecretKeys.make(nowSeconds: 1_000, &random)
        return below(2) == 0 ? first : first.rotated(nowSeconds: 2_000, &random)
    }

    mutating func change() -> StoreTransaction.Change {
        switch below(13) {
        case 0: .setSetting(setting())
        case 1: .removeSetting(.weight, region: name("region"), cell: name("cell"))
        case 2: .removeSetting(.dial, region: name("region"), cell: "")
        case 3: .setDrain(drain())
        case 4: .removeDrain(UInt32(below(9)) + 1)
        case 5: .setPin(pin())
        case 6: .removePin(tenant: name("tenant"))
        case 7: .setToken(token())
        case 8: .setOwner(StoredOwner(dataset: name("dataset"), region: name("region"), epoch: wide()))
        case 9: .reserveGenerations(upTo: UInt64(below(10_000)))
        case 10: .setWebhookCursor(url: name("https://hook"), number: UInt64(below(10_000)))
        case 11: .removeToken(id: "token-0")
        default: .setKeys(keys())
        }
    }

    mutating func draft(_ time: UInt64 = 1) -> AuditDraft {
        AuditDraft(
            time: time, who: text(), role: "admin", from: "127.0.0.1", action: name("action"), subject: name("cell"),
            reason: text(), outcome: "done", detail: text(), generation: wide())
    }

    mutating func answer(at: UInt64) -> StoredAnswer {
        StoredAnswer(
            key: name("key"), fingerprint: bytes(below(33)), status: 200 + below(300), body: bytes(below(50)),
            location: below(2) == 0 ? nil : text(), at: at)
    }

    mutating func event(_ number: UInt64, time: UInt64) -> StoredEvent {
        StoredEvent(
            number: number, time: time, generation: wide(), kind: name("KIND"), subject: name("cell"), cause: text())
    }

    /// Some changes, with or without an audit entry and an answer.
    mutating func transaction(at time: UInt64) -> StoreTransaction {
        StoreTransaction(
            (0..<below(4)).map { _ in change() }, audit: below(3) == 0 ? nil : draft(time),
            answer: below(2) == 0 ? nil : answer(at: time))
    }
}
