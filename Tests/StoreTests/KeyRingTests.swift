import Foundation
import Glibc
import Model
import Support
import Synchronization
import Testing

@testable import Store

struct KeyRingTests {
    /// In the order in which they were put in force.
    final class Adopted: Sendable {
        private let generations = Mutex<[UInt32]>([])
        var all: [UInt32] { generations.withLock { $0 } }
        func adopt(_ keys: SecretKeys) { generations.withLock { $0.append(keys.current.generation) } }
    }

    private func ring(_ store: any StateStore, now: UInt64 = 1_000) async throws -> KeyRing {
        try await KeyRing.open(store.load(), in: store, nowSeconds: now)
    }

    @Test("made once, and durable before they are used")
    func madeOnce() async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        let first = try await ring(store)
        #expect(try await store.load().keys == first.keys)
        await store.close()
        #expect(try await ring(folder.open(), now: 5_000).keys == first.keys)
        #expect(try await ring(MemoryStore()).keys != first.keys)
    }

    @Test("renewed in time, kept, and put in force")
    func rotation() async throws {
        let (store, adopted) = (MemoryStore(), Adopted())
        let ring = try await ring(store)
        let first = ring.keys
        #expect(try await ring.rotateIfDue(nowSeconds: 1_050, rotationSeconds: 100, adopt: adopted.adopt) == nil)
        let fresh = try #require(
            try await ring.rotateIfDue(nowSeconds: 1_100, rotationSeconds: 100, adopt: adopted.adopt))
        #expect(fresh.current.generation == 2 && fresh.previous == first.current && fresh.hashKey == first.hashKey)
        #expect(ring.keys == fresh && adopted.all == [2])
        #expect(try await store.load().keys == fresh)
    }

    @Test("what cannot be made durable is not put in force")
    func refused() async throws {
        let (store, adopted) = (MemoryStore(), Adopted())
        let ring = try await ring(store)
        let first = ring.keys
        await store.fail(with: StoreError(path: "state.db", "is full", kind: .full))
        let error = await #expect(throws: StoreError.self) {
            try await ring.rotate(nowSeconds: 2_000, adopt: adopted.adopt)
        }
        #expect(error?.kind == .full && ring.keys == first && adopted.all.isEmpty)
        await store.fail(with: nil)
        #expect(try await ring.rotate(nowSeconds: 2_001, adopt: adopted.adopt).current.generation == 2)
    }

    @Test("told of in the same transaction")
    func recorded() async throws {
        let store = MemoryStore()
        let ring = try await ring(store)
        var samples = Samples()
        let (draft, answer) = (samples.draft(), samples.answer(at: 7))
        try await store.commit(StoreTransaction())
        _ = try await ring.rotate(
            nowSeconds: 2_000,
            recording: { keys in
                var draft = draft
                draft.subject = "key \(keys.current.generation)"
                return (draft, answer)
            }, adopt: { _ in })
        #expect(try await store.audit(after: 0, limit: 9).map(\.draft.subject) == ["key 2"])
        #expect(try await store.answer(to: answer.key, now: 8) == answer)
    }

    @Test("renewals at one time follow each other")
    func oneAfterAnother() async throws {
        let folder = try StateFolder()
        let (store, adopted) = (try await folder.open(), Adopted())
        let ring = try await ring(store)
        try await withThrowingTaskGroup(of: SecretKeys.self) { group in
            for _ in 0..<20 {
                group.addTask { try await ring.rotate(nowSeconds: 2_000, adopt: adopted.adopt) }
            }
            var seen: [UInt32: SecretKeys] = [:]
            for try await keys in group { seen[keys.current.generation] = keys }
            #expect(seen.keys.sorted() == Array(2...21))
            for generation: UInt32 in 3...21 {
                #expect(seen[generation]?.previous == seen[generation - 1]?.current)
            }
        }
        #expect(adopted.all == Array(2...21))
        #expect(try await store.load().keys == ring.keys && ring.keys.current.generation == 21)
    }
}
