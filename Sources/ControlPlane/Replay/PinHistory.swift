import Model

/// What operators' pins were in the latest generations: those of the oldest whole, then what each change changed. So a
/// log grows by what an operator changes, however many pins there are. Pure; the writer and the reader of a log have
/// one each.
struct PinHistory: Sendable {
    /// As many as there are generations in `GenerationLog`, each of which may be a change.
    static let capacity = GenerationLog.capacity

    struct Change: Equatable, Sendable {
        /// The first generation that it holds for.
        let number: UInt64
        let set: [Configuration.Pin]
        var gone: [String] = []

        fileprivate func apply(to pins: inout Pins) {
            for tenant in gone { pins[tenant] = nil }
            for pin in set { pins[pin.tenant] = pin }
        }
    }

    typealias Pins = [String: Configuration.Pin]

    /// Number and pins of the oldest state that is known; 0: nobody pinned anything yet.
    private(set) var first: (number: UInt64, pins: Pins) = (0, [:])
    /// After it, in order.
    private(set) var changes: [Change] = []
    /// What all of it comes to.
    private(set) var latest: Pins = [:]
    /// The array that `latest` was read from: snapshots share it.
    private var seen: [Configuration.Pin] = []

    init() {}

    /// Begins with all of them.
    init(whole: Change) {
        whole.apply(to: &latest)
        first = (whole.number, latest)
    }

    /// Of the newest change; 0: there was none.
    var number: UInt64 { changes.last?.number ?? first.number }

    /// - Parameter pins: of a snapshot, each tenant once.
    /// - Returns: the number under which they are known.
    mutating func adopt(_ pins: [Configuration.Pin], generation: UInt64) -> UInt64 {
        // The same storage is told at once.
        if pins == seen { return number }
        seen = pins
        let names = Set(pins.map(\.tenant))
        let change = Change(
            number: generation, set: pins.filter { latest[$0.tenant] != $0 },
            gone: latest.keys.filter { !names.contains($0) }.sorted())
        // The same in another order.
        if !change.set.isEmpty || !change.gone.isEmpty { append(change) }
        return number
    }

    /// Its number must be greater than all before.
    mutating func append(_ change: Change) {
        changes.append(change)
        change.apply(to: &latest)
        guard changes.count > PinHistory.capacity else { return }
        let oldest = changes.removeFirst()
        first.number = oldest.number
        oldest.apply(to: &first.pins)
    }

    func knows(_ number: UInt64) -> Bool {
        number == first.number || changes.contains { $0.number == number }
    }

    /// Nil: no state has that number, or it was too long ago.
    func pins(at number: UInt64) -> [Configuration.Pin]? {
        if number == self.number { return PinHistory.list(latest) }
        var pins = first.pins
        if number != first.number {
            guard let place = changes.firstIndex(where: { $0.number == number }) else { return nil }
            for change in changes[...place] { change.apply(to: &pins) }
        }
        return PinHistory.list(pins)
    }

    /// What somebody who knows the state of the number `told` (nil: nothing) has to be told to know that of `number`.
    func lines(from told: UInt64?, to number: UInt64, run: String) -> [LogPins] {
        guard number > told ?? 0 else { return [] }
        var lines: [LogPins] = []
        var last = told ?? 0
        if last < first.number {
            lines += LogPins.lines(
                run: run, number: first.number, after: nil, set: PinHistory.list(first.pins), gone: [])
            last = first.number
        }
        for change in changes where change.number > last && change.number <= number {
            lines += LogPins.lines(
                run: run, number: change.number, after: last == 0 ? nil : last, set: change.set, gone: change.gone)
            last = change.number
        }
        return lines
    }

    /// By name: two runs of a program write the same.
    private static func list(_ pins: Pins) -> [Configuration.Pin] { pins.values.sorted { $0.tenant < $1.tenant } }
}
