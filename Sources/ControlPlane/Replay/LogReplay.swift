import Foundation
public import Model

/// Replays an access log, line by line as it comes, over a configuration. Keeps what it needs of the lines before:
/// bounded, whatever the log's length.
public struct LogReplay: ~Copyable {
    /// The most snapshot lines kept, and the most snapshots and layouts worked out from them.
    static let maxGenerations = 4_096
    static let maxWorlds = 16
    static let maxLayouts = 64
    /// The most runs whose operators' pins are kept, and the most of these in one.
    static let maxRuns = 16
    static let maxPins = 200_000
    /// The longest name of a tenant, as everywhere.
    private static let maxTenantBytes = 128
    /// The most lines that the report names.
    static let maxBadLines = 5

    private struct Key: Hashable {
        let run: String
        let number: UInt64
    }

    private let configuration: Configuration
    private let decoder = JSONDecoder()
    private var layouts = BoundedTable<Key, LayoutMap>(capacity: LogReplay.maxLayouts)
    private var pins = BoundedTable<String, PinHistory>(capacity: LogReplay.maxRuns)
    /// Changes of pins whose last line is still to come, by run.
    private var begun = BoundedTable<String, LogPins>(capacity: LogReplay.maxRuns)
    private var generations = BoundedTable<Key, LogSnapshot>(capacity: LogReplay.maxGenerations)
    private var worlds = BoundedTable<Key, ReplayWorld>(capacity: LogReplay.maxWorlds)
    private var replay = DecisionReplay()
    private(set) var tally = ReplayTally()
    private var counts = ReplayReport()

    /// - Parameter configuration: checked.
    public init(over configuration: Configuration) { self.configuration = configuration }

    public var report: ReplayReport {
        var report = counts
        (report.decided, report.same, report.elsewhere) = (tally.decided, tally.same, tally.elsewhere)
        (report.otherEndpoint, report.refused, report.unknown) = (tally.otherEndpoint, tally.refused, tally.unknown)
        report.moves = tally.moves
        return report
    }

    /// The next line, without its newline. An empty one is none.
    public mutating func take(_ bytes: some Collection<UInt8>) {
        counts.lines += 1
        if bytes.isEmpty { return }
        let line: LogLine
        do { line = try decoder.decode(LogLine.self, from: Data(bytes)) } catch {
            return refuse("not a line of an access log")
        }
        if let layout = line.layout { return adopt(layout) }
        if let pins = line.pins { return adopt(pins) }
        if let snapshot = line.snapshot {
            let key = Key(run: snapshot.run, number: snapshot.generation)
            generations[key] = snapshot
            worlds[key] = nil
            return
        }
        guard line.requestID != nil else { return refuse("neither a request nor a state of the edge") }
        counts.requests += 1
        take(line)
    }

    private mutating func adopt(_ layout: LogLayout) {
        do { layouts[Key(run: layout.run, number: layout.number)] = try LayoutMap(layout, over: configuration) } catch {
            refuse(error.description)
        }
    }

    /// What goes on from a line that was not there leaves the run's pins unknown until all of them come.
    private mutating func adopt(_ line: LogPins) {
        let isSound = line.number > 0 && line.number > line.after ?? 0
        let names = line.set.map(\.tenant) + (line.gone ?? [])
        guard isSound, names.allSatisfy({ $0.utf8.count <= LogReplay.maxTenantBytes }) else {
            return refuse("pins that no edge writes")
        }
        var history = pins[line.run]
        // Whoever holds it twice copies it with each change.
        pins[line.run] = nil
        // Each file has them anew.
        if let history, history.knows(line.number) {
            pins[line.run] = history
            return
        }
        let whole = line.following(begun[line.run])
        begun[line.run] = nil
        if let whole, whole.more == true, whole.count <= LogReplay.maxPins {
            begun[line.run] = whole
            pins[line.run] = history
            return
        }
        guard let whole, whole.more != true else { return }
        if whole.after == nil {
            history = PinHistory(whole: whole.change)
        } else if whole.after == history?.number {
            history?.append(whole.change)
        } else {
            return
        }
        if let history, history.latest.count <= LogReplay.maxPins { pins[line.run] = history }
    }

    private mutating func take(_ line: LogLine) {
        guard line.hasFacts else {
            counts.missing += 1
            return
        }
        guard let text = line.facts else {
            counts.undecided += 1
            return
        }
        guard let facts = DecisionFacts(text), let generation = facts.generation ?? line.generation else {
            return refuse("its facts are not to be read")
        }
        let key = Key(run: facts.run, number: generation)
        guard let log = generations[key], let map = layouts[Key(run: log.run, number: log.layout)],
            let world = worlds[key] ?? world(log, map)
        else {
            counts.missing += 1
            return
        }
        worlds[key] = world
        guard let decision = map.decision(line, facts) else { return refuse("it names what its edge did not have") }
        var xRegion: String?
        if case .named(let id) = facts.xRegion { xRegion = map.name(ofRegion: id) }
        let request = ReplayedRequest(line, facts, decision: decision, xRegion: xRegion)
        let outcome = replay.decide(request, world)
        tally.add(outcome, of: request, from: { map.layout.place(of: decision) }, world.snapshot)
    }

    /// Nil: its operators' pins are not in the log.
    private func world(_ log: LogSnapshot, _ map: LayoutMap) -> ReplayWorld? {
        guard let number = log.pins else { return map.world(log, []) }
        return pins[log.run]?.pins(at: number).map { map.world(log, $0) }
    }

    private mutating func refuse(_ why: String) {
        counts.unreadable += 1
        guard counts.badLines.count < LogReplay.maxBadLines else { return }
        counts.badLines.append(ReplayReport.BadLine(line: counts.lines, why: why))
    }
}
