public import Model

/// The files of endpoints: what each said last, and whether it is another one by now.
///
/// Files are looked at every second by their stamps. inotify would be told sooner, but of nothing that another machine
/// does on a shared file system, nor of all that happens on an overlay, and it loses a file that is renamed into place.
/// Another stamp is believed once two looks agree on it: a file that is being written is cut off somewhere.
///
/// Pure: stamps and contents are passed in.
public struct FileTable: Sendable {
    public static let intervalMilliseconds: UInt64 = 1_000
    /// After a failure that may pass without the file's being changed: as with names.
    public static let retryMilliseconds = NameTable.retryMilliseconds

    /// A file as it was read. The stamp was taken before the first byte: what is written meanwhile is seen as a change.
    public struct Content: Equatable, Sendable {
        public var stamp: FileStamp?
        public var addresses: [Address]
        public init(stamp: FileStamp?, addresses: [Address]) { (self.stamp, self.addresses) = (stamp, addresses) }
    }

    /// What a stamp says.
    public enum Look: Equatable, Sendable {
        /// It is the file that was read last, with whatever success.
        case same
        /// It is another, and so it was not a look ago: `saw` is to be told.
        case unsettled
        /// The file is to be read.
        case due
    }

    private struct Entry {
        var content: Content
        /// The stamp at the last look.
        var seen: FileStamp?
        /// Nil: not before there is another stamp.
        var retry: LoopTime?
        /// What was wrong with it; nil: nothing.
        var failure: String?
        var lingering = Lingering<Address>()
    }

    private var entries: [String: Entry] = [:]

    public init() {}

    public var paths: [String] { entries.keys.sorted() }
    /// By path, what lingers last.
    public var addresses: [String: [Address]] {
        entries.mapValues { $0.content.addresses + $0.lingering.items }
    }

    /// When `endLingering` has something to give.
    public var nextEnd: LoopTime { entries.values.map(\.lingering.nextEnd).min() ?? .distantFuture }

    /// From here on these files and no others, just read.
    public mutating func adopt(_ contents: [String: Content], now: LoopTime) {
        entries = entries.filter { contents[$0.key] != nil }
        for (path, content) in contents { _ = insert(path, content, now: now) }
    }

    /// What the file's present stamp says of it.
    public func look(at path: String, _ stamp: FileStamp?, now: LoopTime) -> Look {
        guard let entry = entries[path] else { return .same }
        if entry.content.stamp == stamp { return entry.retry.map { $0 <= now } == true ? .due : .same }
        return entry.seen == stamp ? .due : .unsettled
    }

    /// The stamp of a file that was not read.
    public mutating func saw(_ path: String, _ stamp: FileStamp?) { entries[path]?.seen = stamp }

    /// How a reading of the file ended; of a file that is gone from the configuration it is nobody's concern.
    /// - Parameter result: its addresses, or what is wrong with it.
    public mutating func ended(
        _ path: String, _ stamp: FileStamp?, _ result: Result<[Address], LookupFailure>, now: LoopTime
    ) -> SourceChange<Address> {
        guard let before = entries[path] else { return .unchanged }
        switch result {
        case .failure(let failure):
            entries[path]?.content.stamp = stamp
            entries[path]?.seen = stamp
            entries[path]?.failure = failure.reason
            entries[path]?.retry =
                failure.isFinal ? nil : now.advanced(milliseconds: FileTable.retryMilliseconds)
            return before.failure == failure.reason ? .unchanged : .failed(failure.reason)
        case .success(let new): return insert(path, Content(stamp: stamp, addresses: new), now: now)
        }
    }

    private mutating func insert(_ path: String, _ content: Content, now: LoopTime) -> SourceChange<Address> {
        let before = entries[path] ?? Entry(content: Content(stamp: nil, addresses: []))
        var lingering = before.lingering
        defer { entries[path] = Entry(content: content, seen: content.stamp, lingering: lingering) }
        let (old, new) = (before.content.addresses, content.addresses)
        if old == new { return before.failure == nil ? .unchanged : .recovered }
        return lingering.replace(old, by: new, now: now)
    }

    /// What has lingered long enough is gone, by path.
    public mutating func endLingering(now: LoopTime) -> [String: [Address]] {
        var over: [String: [Address]] = [:]
        for path in entries.keys where entries[path]?.lingering.nextEnd ?? .distantFuture <= now {
            over[path] = entries[path]?.lingering.end(now: now)
        }
        return over
    }
}
