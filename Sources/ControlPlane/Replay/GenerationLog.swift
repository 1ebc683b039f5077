import Foundation
import Model
import Policy

/// What the generations of this process were like, for the access log and for what-ifs: of the latest `capacity`.
///
/// A generation's line goes into the log before the first request that was decided by it. A request is told of when it
/// ends, which may be long after its generation.
struct GenerationLog: Sendable {
    static let capacity = 1_024

    struct Known: Sendable {
        let former: FormerShares
        let layout: LogLayout
        /// Number of the operators' pins in force.
        let pins: UInt64
        /// With its newline.
        let line: [UInt8]
        /// The file that has it; 0: none yet.
        fileprivate(set) var file = 0
    }

    private struct Line<Content: Encodable>: Encodable {
        var layout: Content?
        var snapshot: Content?
    }

    /// Which life of the process this is, in the log's facts: four digits in base 36.
    let run: String
    private var waiting: [Snapshot] = []
    private var table = BoundedTable<UInt64, Known>(capacity: GenerationLog.capacity)
    private var layout: LogLayout?
    private var pins = PinHistory()
    private var announced: (generation: UInt64, layout: UInt64?, pins: UInt64?) = (0, nil, nil)
    /// Files are told apart by how often one was opened anew.
    private var file = 1

    /// - Parameter seed: of the run's name.
    init(seed: UInt64) {
        let digits = String(seed % 1_679_616, radix: 36)
        run = String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Before anything is decided by it. What it takes is done by `settle`.
    mutating func adopt(_ snapshot: Snapshot) {
        if table[snapshot.generation] != nil || waiting.contains(where: { $0 === snapshot }) { return }
        waiting.append(snapshot)
        if waiting.count > 64 { settle() }
    }

    /// Notes what was adopted and lets go of the snapshots.
    mutating func settle() {
        if waiting.isEmpty { return }
        for snapshot in waiting {
            let fresh = LogLayout(snapshot, run: run)
            let layout = self.layout.flatMap { $0.describesSame(as: fresh) ? $0 : nil } ?? fresh
            self.layout = layout
            let pins = self.pins.adopt(snapshot.operatorsSaid, generation: snapshot.generation)
            let line = GenerationLog.line(Line(snapshot: LogSnapshot(snapshot, layout, pins: pins)))
            table[snapshot.generation] = Known(
                former: FormerShares(snapshot), layout: layout, pins: pins, line: line)
        }
        waiting.removeAll()
    }

    /// Nil: never adopted, or too long ago.
    func known(_ generation: UInt64) -> Known? { table[generation] }

    /// Puts the generation's line in front of a line that speaks of it, where the file does not have it yet.
    mutating func announce(_ generation: UInt64, to lines: inout LineBuffer) {
        if generation == announced.generation { return }
        if table[generation] == nil { settle() }
        guard var known = table[generation] else { return }
        announced.generation = generation
        if known.file == file { return }
        // A layout that came back stands before the lines that go by it.
        if announced.layout != known.layout.number {
            announced.layout = known.layout.number
            lines.append(raw: GenerationLog.line(Line(layout: known.layout)))
        }
        for change in pins.lines(from: announced.pins, to: known.pins, run: run) {
            lines.append(change)
            announced.pins = change.number
        }
        lines.append(raw: known.line)
        known.file = file
        table[generation] = known
    }

    /// The next lines go into another file, which has none of these yet.
    mutating func beginFile() {
        file += 1
        announced = (0, nil, nil)
    }

    private static func line(_ content: Line<some Encodable>) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in it can fail to be encoded: strings and whole numbers.
        guard let data = try? encoder.encode(content) else { return [] }
        return Array(data) + [0x0A]
    }
}
