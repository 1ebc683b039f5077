import Model

/// A schedule as text, one event a line, to be kept and run again. Times are seconds.
///
///     seed 42
///     length 371.204
///     fault crash us-east-a/127.0.0.1:8001 at 312.250 for 40.000
///     operator 350.000 drain us-east-a now force
///     rush 20.000 for 10.000 rate 30
///     visit 371.204 GET route=sessions producer=12 tenant=eu-1 x-region=eu-west
///
/// Without a line `visits drawn`, the visits are those that are listed.
public struct Trace {
    public struct Mistake: Error, Equatable, CustomStringConvertible {
        public let line: Int
        public let text: String
        public var description: String { "line \(line): \(text)" }
    }

    /// No time of a trace is later or longer: 30 years in seconds, so that sums of two fit the clock.
    static let mostSeconds: UInt64 = 1_000_000_000
    /// Requests a second.
    static let highestRate: UInt64 = 1_000_000

    private let scene: Scene

    public init(_ scene: Scene) { self.scene = scene }

    // MARK: Writing

    public func text(of schedule: Schedule) -> String {
        var lines = ["seed \(schedule.seed)", "length \(Trace.seconds(schedule.milliseconds))"]
        lines += schedule.faults.map { fault in
            let (start, length) = (Trace.seconds(fault.start), Trace.seconds(fault.milliseconds))
            return "fault \(fault.kind.name) \(name(of: fault.target)) at \(start) for \(length)"
        }
        lines += schedule.operations.map {
            "operator \(Trace.seconds($0.at)) \(words(of: $0.intervention))\($0.isForced ? " force" : "")"
        }
        lines += schedule.rushes.map {
            "rush \(Trace.seconds($0.start)) for \(Trace.seconds($0.milliseconds)) rate \($0.rate)"
        }
        lines += schedule.visits?.map(words) ?? ["visits drawn"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// `12.345`.
    static func seconds(_ milliseconds: UInt64) -> String {
        let thousandths = "\(milliseconds % 1_000)"
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
    }

    func name(of target: FaultTarget) -> String {
        switch target {
        case .edge: "edge"
        case .region(let index): scene.regionName(index)
        case .cell(let index): scene.cellName(index)
        case .endpoint(let index): scene.endpointName(index)
        }
    }

    func words(of intervention: Intervention) -> String {
        switch intervention {
        case .weigh(let cell, let percent): "weight \(scene.cellName(cell)) \(percent)"
        case .dial(let region, let percent): "dial \(scene.regionName(region)) \(percent)"
        case .drainCell(let cell, let isNow): "drain \(scene.cellName(cell)) \(isNow ? "now" : "ramp")"
        case .drainRegion(let region, let isNow): "drain \(scene.regionName(region)) \(isNow ? "now" : "ramp")"
        case .undrainCell(let cell): "undrain \(scene.cellName(cell))"
        case .undrainRegion(let region): "undrain \(scene.regionName(region))"
        }
    }

    private func words(of visit: Visit) -> String {
        let route = scene.configuration.routes[Int(visit.route)].name
        var line = "visit \(Trace.seconds(visit.at)) \(visit.method.text) route=\(route) producer=\(visit.producer)"
        if visit.tenant >= 0 { line += " tenant=\(scene.tenants[Int(visit.tenant)].name.view.text)" }
        if visit.region == -2 { line += " x-region=\(Scene.unknownRegion.view.text)" }
        if visit.region >= 0 { line += " x-region=\(scene.configuration.regions[Int(visit.region)].name)" }
        return line
    }

    // MARK: Reading

    public func schedule(from text: String) throws(Mistake) -> Schedule {
        var schedule = Schedule(seed: 0, milliseconds: 0)
        schedule.visits = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ").map { "\($0)" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard read(first, Array(words.dropFirst()), into: &schedule) else {
                throw Mistake(line: number + 1, text: "cannot be read: \(line)")
            }
        }
        return schedule
    }

    private func read(_ first: String, _ words: [String], into schedule: inout Schedule) -> Bool {
        switch first {
        case "seed":
            guard words.count == 1, let seed = UInt64(words[0]) else { return false }
            schedule.seed = seed
        case "length":
            guard words.count == 1, let length = Trace.milliseconds(words[0]) else { return false }
            schedule.milliseconds = length
        case "visits":
            guard words == ["drawn"] else { return false }
            schedule.visits = nil
        case "fault":
            guard let fault = fault(words) else { return false }
            schedule.faults.append(fault)
        case "operator":
            guard words.count >= 3, let at = Trace.milliseconds(words[0]),
                let intervention = intervention(Array(words.dropFirst()))
            else { return false }
            let isForced = words.last == "force"
            schedule.operations.append(Operation(at: at, intervention: intervention, isForced: isForced))
        case "rush":
            guard words.count == 5, let start = Trace.milliseconds(words[0]),
                let length = Trace.milliseconds(words[2]), let rate = UInt64(words[4]),
                rate <= Trace.highestRate
            else { return false }
            schedule.rushes.append(Rush(start: start, milliseconds: length, rate: rate))
        case "visit":
            guard let visit = visit(words) else { return false }
            schedule.visits?.append(visit)
        default: return false
        }
        return true
    }

    static func milliseconds(_ text: String) -> UInt64? {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard let seconds = parts.first.flatMap({ UInt64($0) }), seconds <= mostSeconds else { return nil }
        if parts.count == 1 { return seconds * 1_000 }
        guard parts[1].count == 3, let thousandths = UInt64(parts[1]) else { return nil }
        return seconds * 1_000 + thousandths
    }

    private func fault(_ words: [String]) -> Fault? {
        guard words.count == 6, let kind = FaultKind(name: words[0]), let target = scene.target(words[1]),
            let start = Trace.milliseconds(words[3]), let length = Trace.milliseconds(words[5])
        else { return nil }
        return Fault(kind, target, start: start, milliseconds: length)
    }

    private func intervention(_ words: [String]) -> Intervention? {
        guard words.count >= 2, let target = scene.target(words[1]) else { return nil }
        let last = words.count > 2 ? words[2] : ""
        switch (words[0], target) {
        case ("weight", .cell(let cell)): return Int(last).map { .weigh(cell: cell, percent: $0) }
        case ("dial", .region(let region)): return Int(last).map { .dial(region: region, percent: $0) }
        case ("drain", .cell(let cell)): return .drainCell(cell, isNow: last == "now")
        case ("drain", .region(let region)): return .drainRegion(region, isNow: last == "now")
        case ("undrain", .cell(let cell)): return .undrainCell(cell)
        case ("undrain", .region(let region)): return .undrainRegion(region)
        default: return nil
        }
    }

    private func visit(_ words: [String]) -> Visit? {
        guard words.count >= 4, let at = Trace.milliseconds(words[0]) else { return nil }
        let method = Array(words[1].utf8).withUnsafeBytes { Method(ByteView($0)) }
        var visit = Visit(at: at, route: 0, method: method, tenant: -1, producer: 0, region: -1)
        for word in words.dropFirst(2) {
            let parts = word.split(separator: "=", maxSplits: 1).map { "\($0)" }
            guard parts.count == 2, set(parts[0], parts[1], of: &visit) else { return nil }
        }
        return visit
    }

    private func set(_ key: String, _ value: String, of visit: inout Visit) -> Bool {
        switch key {
        case "route":
            guard let index = scene.configuration.routes.firstIndex(where: { $0.name == value }) else { return false }
            visit.route = UInt16(index)
        case "producer":
            guard let number = UInt32(value), number < UInt32(Scene.producerCount) else { return false }
            visit.producer = number
        case "tenant":
            guard let index = scene.tenants.firstIndex(where: { $0.name.view.text == value }) else { return false }
            visit.tenant = Int32(index)
        case "x-region":
            let index = scene.configuration.regions.firstIndex { $0.name == value }
            visit.region = index.map { Int16($0) } ?? -2
        default: return false
        }
        return true
    }
}
