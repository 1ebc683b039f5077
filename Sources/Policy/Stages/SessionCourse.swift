/// What becomes of the session that a request belongs to.
enum SessionCourse: UInt8, BitwiseCopyable {
    /// There is none, or this request leaves it as it is.
    case none
    /// It begins where this request goes.
    case begins
    case stays
    /// To another cell of its region; its cell ails, or is gone.
    case movesWithin, movesWithinByDrain
    /// To another region.
    case moves, movesByDrain
    /// A retry is served elsewhere this once.
    case retriesWithin

    var staysInRegion: Bool { self == .movesWithin || self == .movesWithinByDrain || self == .retriesWithin }
    var isMove: Bool {
        self == .movesWithin || self == .movesWithinByDrain || self == .moves || self == .movesByDrain
    }
    var isByDrain: Bool { self == .movesWithinByDrain || self == .movesByDrain }
}
