public import Model
import Synchronization

/// Where producers are held, over the life of the process: their table, and the state's file name with `.sessions`
/// behind it. Without a path it lives in memory. Any thread.
public final class SessionStore: Sendable {
    /// Producers that are remembered (routing.md, Weights, drains, sessions).
    public static let capacity = 1_000_000

    public let table: SessionTable
    private let file: StateFile?
    /// Keys of sessions mean nothing under another one.
    private let hashKey: SipHash.Key
    /// One save at a time.
    private let isSaving = Mutex(())

    /// - Parameters:
    ///   - statePath: the configuration's `state`; nil: nothing is kept.
    ///   - hashKey: of the secrets in force; it is never renewed.
    public init(statePath: String?, hashKey: SipHash.Key, capacity: Int = SessionStore.capacity) {
        table = SessionTable(capacity: capacity)
        file = statePath.map { StateFile(path: "\($0).sessions") }
        self.hashKey = hashKey
    }

    /// Fills the table with what an earlier process saved; sessions of cells that are no longer there are dropped.
    ///
    /// - Returns: how many of each; nil when nothing was saved.
    /// - Throws: the file cannot be read, or is damaged: the edge goes on without it.
    public func load(_ snapshot: Snapshot) throws(StoreError) -> (restored: Int, dropped: Int)? {
        guard let file, let bytes = try file.read() else { return nil }
        let archive = SessionArchive(snapshot: snapshot, hashKey: hashKey)
        guard let found = archive.decode(bytes, into: table) else {
            throw StoreError(
                path: file.path,
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
        let archive = SessionArchive(snapshot: snapshot, hashKey: hashKey)
        // What is read last is written last.
        let result = isSaving.withLock { _ -> Result<[CellID: Int], StoreError> in
            let (bytes, counts) = archive.encode(table, nowSeconds: UInt32(truncatingIfNeeded: nowSeconds))
            do throws(StoreError) { try file?.replace(with: bytes) } catch { return .failure(error) }
            return .success(counts)
        }
        return try result.get()
    }
}
