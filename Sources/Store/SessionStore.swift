public import Model
import Synchronization

/// What sessions need to outlive the process: their secrets in `portolan.keys` beside the state's file, their table in
/// the state's file name with `.sessions` behind it. Without a path all of it lives in memory. Any thread.
public final class SessionStore: Sendable {
    /// Producers that are remembered (routing.md, Weights, drains, sessions).
    public static let capacity = 1_000_000

    public let table: SessionTable
    private let keysFile: StateFile?
    private let tableFile: StateFile?
    private let current: Mutex<SecretKeys>
    /// One save at a time.
    private let isSaving = Mutex(())

    /// What is wrong with the secrets' file, though it can be read; nil: nothing.
    public var warning: String? {
        guard let keysFile, keysFile.isOpenToOthers else { return nil }
        return "\(keysFile.path) is open to others than its owner, who could forge sessions with it: chmod 600 it, and "
            + "remove it to make fresh keys if somebody may have read it"
    }

    public var keys: SecretKeys { current.withLock { $0 } }

    /// Reads the secrets, or makes them.
    ///
    /// - Parameters:
    ///   - statePath: the configuration's `state`; nil: nothing is kept.
    ///   - nowSeconds: since 1970.
    public init(
        statePath: String?, capacity: Int = SessionStore.capacity, nowSeconds: UInt64
    ) throws(StoreError) {
        table = SessionTable(capacity: capacity)
        keysFile = statePath.map { StateFile(path: SessionStore.folder(of: $0) + "portolan.keys") }
        tableFile = statePath.map { StateFile(path: "\($0).sessions") }
        if let keysFile, let keys = try SessionStore.read(keysFile) {
            current = Mutex(keys)
            return
        }
        var random = SystemRandomNumberGenerator()
        let keys = SecretKeys.make(nowSeconds: nowSeconds, &random)
        try keysFile?.replace(with: Array(keys.text.utf8))
        current = Mutex(keys)
    }

    /// With the slash.
    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    private static func read(_ file: StateFile) throws(StoreError) -> SecretKeys? {
        guard let bytes = try file.read() else { return nil }
        guard let keys = SecretKeys(text: String(decoding: bytes, as: UTF8.self)) else {
            throw StoreError(
                path: file.path,
                "is damaged; put a copy of it back, or remove it: then every session begins anew, and keyed requests "
                    + "fall to other cells")
        }
        return keys
    }

    /// Renews the secret that signs tokens when its time is over, or takes over what another process of the same state
    /// has renewed; nil: nothing changed. On an error the secrets stay as they are.
    public func rotateIfDue(nowSeconds: UInt64, rotationSeconds: UInt64) throws(StoreError) -> SecretKeys? {
        let old = keys
        guard old.isDue(nowSeconds: nowSeconds, rotationSeconds: rotationSeconds) else { return nil }
        if let keysFile, let stored = try SessionStore.read(keysFile),
            stored.current.generation > old.current.generation,
            stored.hashKey == old.hashKey
        {
            current.withLock { $0 = stored }
            return stored
        }
        var random = SystemRandomNumberGenerator()
        let fresh = old.rotated(nowSeconds: nowSeconds, &random)
        try keysFile?.replace(with: Array(fresh.text.utf8))
        current.withLock { $0 = fresh }
        return fresh
    }

    /// Fills the table with what an earlier process saved; sessions of cells that are no longer there are dropped.
    ///
    /// - Returns: how many of each; nil when nothing was saved.
    /// - Throws: the file cannot be read, or is damaged: the edge goes on without it.
    public func load(_ snapshot: Snapshot) throws(StoreError) -> (restored: Int, dropped: Int)? {
        guard let tableFile, let bytes = try tableFile.read() else { return nil }
        let archive = SessionArchive(snapshot: snapshot, hashKey: keys.hashKey)
        guard let found = archive.decode(bytes, into: table) else {
            throw StoreError(
                path: tableFile.path,
                "is damaged, or belongs to other keys: ignored, and producers begin new sessions; it will be replaced "
                    + "within seconds, so copy it now if it should be looked into")
        }
        return found
    }

    /// Writes the table, and says how many sessions each cell holds. Blocks for the time of a write.
    @discardableResult
    public func save(_ snapshot: Snapshot, nowSeconds: UInt64) throws(StoreError) -> [CellID: Int] {
        // Nothing was ever held: no file of nothing, and no look at 32 MiB.
        guard table.wasUsed else { return [:] }
        let archive = SessionArchive(snapshot: snapshot, hashKey: keys.hashKey)
        // What is read last is written last.
        let result = isSaving.withLock { _ -> Result<[CellID: Int], StoreError> in
            let (bytes, counts) = archive.encode(table, nowSeconds: UInt32(truncatingIfNeeded: nowSeconds))
            do throws(StoreError) { try tableFile?.replace(with: bytes) } catch { return .failure(error) }
            return .success(counts)
        }
        return try result.get()
    }
}
