import Model

/// Counts sessions that left their cells, for one `SESSIONS_MIGRATED` for each pair of cells, cause and second: a cell
/// that dies moves thousands of sessions. Bounded by the pairs of cells and the seconds that have not been told.
struct MigrationTally: Sendable {
    struct Move: Hashable {
        let second: UInt64
        /// `.none`: the configuration no longer has it.
        let from: CellID
        let to: CellID
        let isByDrain: Bool
    }
    struct Count: Equatable {
        var sessions: UInt64
        /// Of the last of them.
        var generation: UInt64
    }
    private var counts: [Move: Count] = [:]

    mutating func add(_ record: RequestRecord) {
        let move = Move(
            second: record.startedAt / 1_000_000_000, from: record.movedFrom, to: record.cell,
            isByDrain: record.isMovedByDrain)
        counts[move, default: Count(sessions: 0, generation: 0)].sessions += 1
        counts[move]?.generation = record.generation
    }

    /// Hands out what happened before that second (since 1970), in order.
    mutating func take(before second: UInt64) -> [(move: Move, count: Count)] {
        if counts.isEmpty { return [] }
        let ended = counts.filter { $0.key.second < second }
        for move in ended.keys { counts[move] = nil }
        func place(_ move: Move) -> (UInt64, UInt16, UInt16) { (move.second, move.from.rawValue, move.to.rawValue) }
        return ended.sorted { place($0.key) < place($1.key) }.map { ($0.key, $0.value) }
    }
}
