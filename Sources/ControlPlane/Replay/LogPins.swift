import Model

/// Operators' pins, as lines of their own in an access log (`{"pins":…}`): all of them, or what became another since
/// the change before. Names alone, so that they go before the pins of any configuration. A change of many takes several
/// lines, one after the other: no line may be too long for whoever reads it.
struct LogPins: Decodable, Equatable, Sendable {
    /// Tenants in a line at most: with the longest names some 100 KiB.
    static let most = 500

    struct Pin: Decodable, Equatable, Sendable {
        var tenant: String
        var home: String
        /// As the operator said it; empty: the home's jurisdiction.
        var residency: [String]
    }

    var run: String
    /// The first generation that it holds for.
    var number: UInt64
    /// Number of the change that it goes on from; absent: these are all.
    var after: UInt64?
    /// Tenants of the same change in the lines before; absent: it begins here.
    var told: Int?
    /// The change goes on in the next line.
    var more: Bool?
    var set: [Pin]
    /// Tenants that no operator pins any more.
    var gone: [String]?

    /// Tenants that it speaks of.
    var count: Int { self.set.count + (gone?.count ?? 0) }

    /// The lines of one change.
    static func lines(
        run: String, number: UInt64, after: UInt64?, set: [Configuration.Pin], gone: [String]
    ) -> [LogPins] {
        var lines: [LogPins] = []
        var told = 0
        repeat {
            let pins = set.dropFirst(told).prefix(most)
            let names = gone.dropFirst(max(0, told - set.count)).prefix(most - pins.count)
            let count = told + pins.count + names.count
            lines.append(
                LogPins(
                    run: run, number: number, after: after, told: told == 0 ? nil : told,
                    more: count < set.count + gone.count ? true : nil,
                    set: pins.map { Pin(tenant: $0.tenant, home: $0.home, residency: $0.residency) },
                    gone: names.isEmpty ? nil : Array(names)))
            told = count
        } while told < set.count + gone.count
        return lines
    }

    /// What the lines of a change so far come to. Nil: one before this is not there.
    func following(_ before: LogPins?) -> LogPins? {
        guard let told else { return self }
        guard var whole = before, whole.more == true, whole.number == number, whole.after == after, whole.count == told
        else { return nil }
        whole.set += set
        if let gone { whole.gone = (whole.gone ?? []) + gone }
        whole.more = more
        return whole
    }

    var change: PinHistory.Change {
        PinHistory.Change(
            number: number, set: set.map { .init(tenant: $0.tenant, home: $0.home, residency: $0.residency) },
            gone: gone ?? [])
    }
}

extension LineBuffer {
    /// As a line. By hand: a hundred thousand pins shall not take the second that an encoder takes, for snapshots wait
    /// meanwhile.
    mutating func append(_ line: LogPins) {
        append("{\"pins\":{")
        if let after = line.after {
            append("\"after\":")
            append(after)
            append(",")
        }
        if let gone = line.gone {
            append("\"gone\":")
            append(list: gone)
            append(",")
        }
        if line.more == true { append("\"more\":true,") }
        append("\"number\":")
        append(line.number)
        append(",\"run\":")
        append(quoted: line.run)
        append(",\"set\":[")
        for (place, pin) in line.set.enumerated() {
            append(place == 0 ? "{\"home\":" : ",{\"home\":")
            append(quoted: pin.home)
            append(",\"residency\":")
            append(list: pin.residency)
            append(",\"tenant\":")
            append(quoted: pin.tenant)
            append("}")
        }
        append("]")
        if let told = line.told {
            append(",\"told\":")
            append(UInt64(told))
        }
        append("}}\n")
    }

    private mutating func append(list: [String]) {
        append("[")
        for (place, text) in list.enumerated() {
            if place > 0 { append(",") }
            append(quoted: text)
        }
        append("]")
    }
}
