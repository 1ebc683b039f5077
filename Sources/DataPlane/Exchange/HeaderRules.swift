import Model

/// What routes do to heads, as it was before a reload gave their numbers to others: exchanges that began then end by
/// it. Copied, for no snapshot is kept.
final class HeaderRules {
    let revision: UInt32
    private let ranges: [HeaderChangeRanges]
    private let changes: [HeaderMatch]
    private let bytes: [UInt8]

    init(copying snapshot: Snapshot, revision: UInt32) {
        self.revision = revision
        ranges = snapshot.routes.indices.map { snapshot.routes[$0].headerChanges }
        var (changes, bytes): ([HeaderMatch], [UInt8]) = ([], [])
        func copy(_ text: TableRange) -> TableRange {
            let view = snapshot.view(text)
            defer { bytes += view.raw }
            return TableRange(start: bytes.count, count: view.count)
        }
        for index in snapshot.headerChanges.indices {
            let change = snapshot.headerChanges[index]
            changes.append(HeaderMatch(name: copy(change.name), value: copy(change.value)))
        }
        (self.changes, self.bytes) = (changes, bytes)
    }

    /// Calls `body` with the ranges of that route and each change by its index.
    func use(
        _ route: RouteID, _ body: (HeaderChangeRanges, (Int) -> (name: ByteView, value: ByteView)) -> Void
    ) {
        guard route.index < ranges.count else { return }
        bytes.withUnsafeBytes { bytes in
            func view(_ range: TableRange) -> ByteView {
                ByteView(UnsafeRawBufferPointer(rebasing: bytes[Int(range.start)..<Int(range.start + range.count)]))
            }
            body(ranges[route.index]) { (view(changes[$0].name), view(changes[$0].value)) }
        }
    }
}

extension Snapshot {
    /// Every route's number stands for the same changes in both.
    func changesHeads(like other: Snapshot) -> Bool {
        if headerChanges.count == 0, other.headerChanges.count == 0 { return true }
        let none = HeaderChangeRanges()
        for index in 0..<max(routes.count, other.routes.count) {
            let mine = index < routes.count ? routes[index].headerChanges : none
            let theirs = index < other.routes.count ? other.routes[index].headerChanges : none
            let isSame =
                isSame(mine.requestAdd, other, theirs.requestAdd)
                && isSame(mine.requestRemove, other, theirs.requestRemove)
                && isSame(mine.responseAdd, other, theirs.responseAdd)
                && isSame(mine.responseRemove, other, theirs.responseRemove)
            if !isSame { return false }
        }
        return true
    }

    private func isSame(_ mine: TableRange, _ other: Snapshot, _ theirs: TableRange) -> Bool {
        guard mine.count == theirs.count else { return false }
        for (index, place) in zip(mine.indices, theirs.indices) {
            let (change, counterpart) = (headerChanges[index], other.headerChanges[place])
            guard view(change.name).equals(other.view(counterpart.name)),
                view(change.value).equals(other.view(counterpart.value))
            else { return false }
        }
        return true
    }
}
