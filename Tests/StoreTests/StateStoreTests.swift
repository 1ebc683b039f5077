import Model
import Support
import Testing

@testable import Store

/// What every store does, told by the ones there are.
struct StateStoreTests {
    enum Kind: CaseIterable {
        case memory, sqlite

        func open(_ folder: StateFolder) async throws -> any StateStore {
            switch self {
            case .memory: MemoryStore()
            case .sqlite: try await folder.open()
            }
        }
    }

    static let day = StoredAnswer.lifeNanoseconds

    static func setting(_ kind: StoredSetting.Kind, _ cell: String, _ percent: Int) -> StoredSetting {
        StoredSetting(
            kind: kind, region: "us", cell: cell, percent: percent, reason: "r", who: "w", setAt: 5, expiresAt: nil)
    }

    static func owner(_ region: String, _ epoch: UInt64) -> StoredOwner {
        StoredOwner(dataset: "orders", region: region, epoch: epoch)
    }

    static let pin = StoredPin(tenant: "acme", home: "eu", residency: ["eu", "ch"], reason: "r", who: "w", setAt: 1)

    static func token(_ id: String) -> StoredToken {
        StoredToken(id: id, name: id, role: "viewer", hash: [1], createdAt: 1, createdBy: "w", expiresAt: 2)
    }

    static let rows: [([StoreTransaction.Change], @Sendable (inout StoredState) -> Void)] = [
        ([], { _ in }),
        (
            [.setSetting(setting(.weight, "a", 1)), .setSetting(setting(.weight, "a", 2))],
            { $0.settings = [setting(.weight, "a", 2)] }
        ),
        (
            [.setSetting(setting(.weight, "b", 1)), .setSetting(setting(.dial, "", 2))],
            { $0.settings = [setting(.dial, "", 2), setting(.weight, "b", 1)] }
        ),
        ([.setSetting(setting(.weight, "a", 1)), .removeSetting(.weight, region: "us", cell: "a")], { _ in }),
        (
            [.setSetting(setting(.weight, "a", 1)), .removeSetting(.dial, region: "us", cell: "a")],
            { $0.settings = [setting(.weight, "a", 1)] }
        ),
        ([.setPin(pin)], { $0.pins = [pin] }),
        ([.setPin(pin), .removePin(tenant: "acme")], { _ in }),
        (
            [.setPin(pin), .removePin(tenant: "acme"), .setPin(StoredPin(pin, residency: []))],
            { $0.pins = [StoredPin(pin, residency: [])] }
        ),
        ([.setToken(token("a")), .setToken(token("b")), .removeToken(id: "a")], { $0.tokens = [token("b")] }),
        ([.setOwner(owner("us", 3)), .setOwner(owner("eu", 3))], { $0.owners = [owner("us", 3)] }),
        ([.setOwner(owner("us", 3)), .setOwner(owner("eu", 4))], { $0.owners = [owner("eu", 4)] }),
        ([.setOwner(owner("us", .max)), .setOwner(owner("eu", 4))], { $0.owners = [owner("us", .max)] }),
        ([.reserveGenerations(upTo: 9), .reserveGenerations(upTo: 4)], { $0.reservedGeneration = 9 }),
        (
            [.setWebhookCursor(url: "https://a", number: 9), .setWebhookCursor(url: "https://a", number: 4)],
            { $0.webhookCursors = ["https://a": 4] }
        ),
    ]

    @Test("changes do what they say", arguments: Kind.allCases, rows)
    func changes(kind: Kind, row: ([StoreTransaction.Change], @Sendable (inout StoredState) -> Void)) async throws {
        let folder = try StateFolder()
        let store = try await kind.open(folder)
        try await store.commit(StoreTransaction(row.0))
        var expected = StoredState()
        row.1(&expected)
        #expect(try await store.load() == expected)
    }

    @Test("the greatest id of a drain outlives the drain", arguments: Kind.allCases)
    func drainIDs(kind: Kind) async throws {
        let folder = try StateFolder()
        let store = try await kind.open(folder)
        var samples = Samples()
        var drain = samples.drain()
        for id: UInt32 in [7, 3] {
            drain.id = id
            try await store.commit(StoreTransaction([.setDrain(drain), .removeDrain(id)]))
        }
        let state = try await store.load()
        #expect(state.lastDrainID == 7 && state.drains.isEmpty)
    }

    static let pages: [(after: UInt64?, before: UInt64?, limit: Int, numbers: [UInt64])] = [
        (0, nil, 3, [1, 2, 3]), (4, nil, 3, [5]), (5, nil, 3, []), (.max, nil, 3, []),
        (nil, nil, 2, [5, 4]), (nil, 3, 9, [2, 1]), (nil, 1, 9, []), (nil, .max, 1, [5]),
    ]

    @Test("the audit log is read both ways, a page at a time, and holds together", arguments: Kind.allCases)
    func audit(kind: Kind) async throws {
        let folder = try StateFolder()
        let store = try await kind.open(folder)
        var samples = Samples()
        for number: UInt64 in 1...5 {
            var draft = samples.draft(number)
            draft.reason = "cut\0here"
            let entry = try await store.commit(StoreTransaction(audit: draft))
            #expect(entry?.number == number && entry?.draft.reason == "cut\u{FFFD}here")
        }
        for page in StateStoreTests.pages {
            let found =
                if let after = page.after {
                    try await store.audit(after: after, limit: page.limit)
                } else { try await store.audit(before: page.before, limit: page.limit) }
            #expect(found.map(\.number) == page.numbers, "\(page)")
        }
        let entries = try await store.audit(after: 0, limit: 10)
        #expect(try AuditChain.verify(entries) == AuditChain(after: entries.last))
    }

    static let ages: [(asked: UInt64, isThere: Bool)] = [
        (day, true), (day - 1, true), (0, true), (2 * day - 1, true), (2 * day, false), (.max, false),
    ]

    @Test("an answer is remembered for a day", arguments: Kind.allCases, ages)
    func answers(kind: Kind, age: (asked: UInt64, isThere: Bool)) async throws {
        let folder = try StateFolder()
        let store = try await kind.open(folder)
        var samples = Samples()
        var answer = samples.answer(at: StateStoreTests.day)
        for key in ["one", "other"] {
            answer.key = key
            try await store.commit(StoreTransaction(answer: answer))
        }
        #expect(try await store.answer(to: "other", now: age.asked) == (age.isThere ? answer : nil))
        #expect(try await store.answer(to: "none", now: age.asked) == nil)
    }

    @Test("a file tells how much there is of it, what is in memory does not")
    func size() async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        let before = try #require(try await store.size())
        var samples = Samples()
        for number: UInt64 in 1...40 { try await store.commit(StoreTransaction(audit: samples.draft(number))) }
        let after = try #require(try await store.size())
        #expect(before.auditEntries == 0 && after.auditEntries == 40)
        let files = StateFolder.byteCount(folder.database) + StateFolder.byteCount(folder.database + "-wal")
        #expect(before.bytes > 0 && after.bytes > before.bytes && after.bytes == UInt64(files))
        #expect(try await MemoryStore().size() == nil)
        await store.close()
        await #expect(throws: StoreError.self) { try await store.size() }
    }

    @Test("events go by age, by subject and by number", arguments: Kind.allCases)
    func events(kind: Kind) async throws {
        let folder = try StateFolder()
        let store = try await kind.open(folder)
        var samples = Samples()
        let events = (1...9).map { samples.event(UInt64($0), time: UInt64($0) * 10) }
        try await store.append(Array(events[..<5]), keepAfter: 0)
        try await store.append(Array(events[4...]), keepAfter: 30)
        #expect(try await store.events(after: 0, subject: nil, limit: 100) == Array(events[2...]))
        #expect(try await store.events(after: 4, subject: nil, limit: 2) == Array(events[4..<6]))
        #expect(try await store.events(after: .max, subject: nil, limit: 2).isEmpty)
        let subject = events[8].subject
        #expect(
            try await store.events(after: 3, subject: subject, limit: 100)
                == events[3...].filter { EventSubject.isAbout(subject, $0.subject) })
        #expect(try await store.events(before: nil, subject: nil, limit: 100) == events[2...].reversed())
        #expect(try await store.events(before: 7, subject: nil, limit: 2) == [events[5], events[4]])
        #expect(try await store.events(before: 0, subject: nil, limit: 2).isEmpty)
        let about = events[2...].filter { EventSubject.isAbout(subject, $0.subject) }
        #expect(try await store.events(before: nil, subject: subject, limit: 100) == about.reversed())
        #expect(try await store.events(before: nil, subject: subject, limit: 1) == [events[8]])
        try await store.append([], keepAfter: 1_000)
        #expect(try await store.events(after: 0, subject: nil, limit: 100).isEmpty)
        #expect(try await store.load().lastEventNumber == 9, "the next one is a tenth")
    }

    @Test("a backup is of a store that has something to lose", arguments: Kind.allCases)
    func backups(kind: Kind) async throws {
        let folder = try StateFolder()
        let store = try await kind.open(folder)
        if kind == .memory {
            await #expect(throws: StoreError.self) { try await store.backup(to: "\(folder.path)/copy") }
        } else {
            try await store.backup(to: "\(folder.path)/copy")
        }
    }

    /// Whatever is committed, in whatever order, the stores agree about it. Replay: PORTOLAN_SEED=<seed>.
    @Test func agreeAboutAnything() async throws {
        let folder = try StateFolder()
        let (memory, sqlite) = (MemoryStore(), try await folder.open())
        var samples = Samples(.fromEnvironmentOrFresh())
        let seed = samples.random.seed
        var time: UInt64 = StateStoreTests.day
        for round in 0..<300 {
            time += UInt64(samples.below(Int(StateStoreTests.day / 10_000_000_000))) * 1_000_000_000
            let transaction = samples.transaction(at: time)
            let entry = try await sqlite.commit(transaction)
            try #require(try await memory.commit(transaction) == entry, "seed \(seed), round \(round)")
            if samples.below(4) == 0 {
                let events = (0...samples.below(5)).map { samples.event(UInt64(round * 10 + $0), time: time) }
                for store in [memory, sqlite] as [any StateStore] {
                    try await store.append(events, keepAfter: time - StateStoreTests.day / 2)
                }
            }
            if round % 10 != 9 { continue }
            try await agree(memory, sqlite, &samples, time, "seed \(seed), round \(round)")
        }
        await sqlite.close()
        try await agree(memory, try await folder.open(), &samples, time, "seed \(seed), opened again")
    }

    private func agree(
        _ memory: MemoryStore, _ sqlite: SQLiteStore, _ samples: inout Samples, _ now: UInt64, _ note: String
    ) async throws {
        let (one, other) = (try await memory.load(), try await sqlite.load())
        try #require(one == other, "\(note)")
        let (after, limit) = (UInt64(samples.below(300)), 1 + samples.below(400))
        let forward = (
            try await memory.audit(after: after, limit: limit), try await sqlite.audit(after: after, limit: limit)
        )
        try #require(forward.0 == forward.1, "\(note)")
        let back = (
            try await memory.audit(before: after, limit: limit), try await sqlite.audit(before: after, limit: limit)
        )
        try #require(back.0 == back.1, "\(note)")
        for subject in [nil, samples.name("cell")] {
            let events = (
                try await memory.events(after: after, subject: subject, limit: limit),
                try await sqlite.events(after: after, subject: subject, limit: limit)
            )
            try #require(events.0 == events.1, "\(note)")
            let latest = (
                try await memory.events(before: after, subject: subject, limit: limit),
                try await sqlite.events(before: after, subject: subject, limit: limit)
            )
            try #require(latest.0 == latest.1, "\(note)")
        }
        for number in 0..<4 {
            let answers = (
                try await memory.answer(to: "key-\(number)", now: now),
                try await sqlite.answer(to: "key-\(number)", now: now)
            )
            try #require(answers.0 == answers.1, "\(note)")
        }
    }
}

extension StoredPin {
    fileprivate init(_ pin: StoredPin, residency: [String]) {
        self = pin
        self.residency = residency
    }
}
