import Foundation
import Glibc
import Model
import Testing

@testable import Store

struct KeysFileTests {
    /// As an earlier version wrote it.
    private func write(_ text: String, _ folder: StateFolder) throws {
        try StateFile(path: folder.keysFile).replace(with: Array(text.utf8))
    }

    private func isThere(_ folder: StateFolder) -> Bool { access(folder.keysFile, F_OK) == 0 }

    @Test("taken over once, and gone when they are durable")
    func takenOver() async throws {
        let folder = try StateFolder()
        var samples = Samples()
        let keys = samples.keys()
        try write(keys.text, folder)
        let store = try await folder.open()
        #expect(try await store.load().keys == keys && store.warnings.isEmpty)
        #expect(!isThere(folder))
        #expect(try await KeyRing.open(store.load(), in: store, nowSeconds: 9).keys == keys)
        await store.close()
        #expect(try await folder.open().load().keys == keys)
    }

    @Test("a kill between the two leaves both, and the next start takes the file away")
    func killedBetween() async throws {
        let folder = try StateFolder()
        var samples = Samples()
        let keys = samples.keys()
        try write(keys.text, folder)
        await (try folder.open()).close()
        try write(keys.text, folder)
        let store = try await folder.open()
        #expect(try await store.load().keys == keys && store.warnings.isEmpty && !isThere(folder))
    }

    @Test("other keys than the state's are left alone and told of")
    func others() async throws {
        let folder = try StateFolder()
        var samples = Samples()
        let (kept, other) = (samples.keys(), samples.keys())
        let first = try await folder.open()
        try await first.commit(StoreTransaction([.setKeys(kept)]))
        await first.close()
        try write(other.text, folder)
        let store = try await folder.open()
        #expect(try await store.load().keys == kept && isThere(folder))
        #expect(store.warnings.count == 1 && store.warnings[0].contains("holds other keys than the state"))
    }

    @Test("what others could read is told of", arguments: [0o600, 0o640, 0o604, 0o620] as [mode_t])
    func openToOthers(mode: mode_t) async throws {
        let folder = try StateFolder()
        var samples = Samples()
        try write(samples.keys().text, folder)
        #expect(chmod(folder.keysFile, mode) == 0)
        let warnings = try await folder.open().warnings
        #expect(warnings.isEmpty == (mode == 0o600))
        #expect(warnings.first?.contains("deep/portolan.keys was open to others") ?? true)
    }

    @Test("damaged ones stop the start, with what to do, and stay")
    func damaged() async throws {
        let folder = try StateFolder()
        try write("portolan keys 1\n", folder)
        let error = await #expect(throws: StoreError.self) { _ = try await folder.open() }
        #expect(error?.description.contains("put a copy of it back, or remove it") == true)
        #expect(isThere(folder))
    }
}
