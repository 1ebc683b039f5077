import Model

/// Tenants in a file of their own, one a line: `tenant,home,jurisdiction;jurisdiction`. Empty lines, lines that begin
/// with `#` and a first line `tenant,home,residency` are passed over. Its problems carry its own name and lines.
enum PinsFile {
    private static let form = "tenant,home,jurisdiction;jurisdiction"
    private static let maxBytes = 256 << 20
    private static let usualLineBytes = 32

    static func read(_ path: String, named value: Value, _ rules: PinRules) -> [Configuration.Pin] {
        switch TextFile.read(path, maxBytes: maxBytes) {
        case .failure(let failure):
            if let place = failure.place {
                value.reading.add(failure.problem(in: path, at: place))
            } else {
                value.reading.report("\(value.path): \(path) \(failure.what)", right: failure.right, at: value.place)
            }
            return []
        case .success(let text): return pins(text, path, value.reading, rules)
        }
    }

    /// Files of a million lines are usual, and of few regions: what follows the tenant is read once for each text that
    /// it takes, and its pins share what was read.
    static func pins(_ text: String, _ path: String, _ reading: Reading, _ rules: PinRules) -> [Configuration.Pin] {
        var (pins, lines): ([Configuration.Pin], [String: UInt32]) = ([], [:])
        var places: [Substring: Configuration.Pin] = [:]
        lines.reserveCapacity(text.utf8.count / usualLineBytes)  // growing costs more than all else
        pins.reserveCapacity(text.utf8.count / usualLineBytes)
        for (index, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let line = Substring(line.last == 13 ? line.dropLast() : line)
            let row = Row(line: index + 1, path: path, reading: reading)
            if line.utf8.first == 35 || line.utf8.allSatisfy({ $0 == 32 || $0 == 9 }) { continue }
            if pins.isEmpty, line == "tenant,home,residency" { continue }
            guard let pin = row.pin(line, rules, &places) else { continue }
            if let first = lines.updateValue(UInt32(row.line), forKey: pin.tenant) {
                row.report("the tenant \"\(pin.tenant)\" is there already, in line \(first)", "each tenant once", at: 0)
                lines[pin.tenant] = first
            }
            pins.append(pin)
        }
        return pins
    }

    private struct Row {
        let line: Int
        let path: String
        let reading: Reading

        func report(_ what: String, _ right: String, at offset: Int) {
            reading.add(Problem(file: path, line: line, column: offset + 1, message: "\(what) (\(right))"))
        }

        /// - Parameter places: home and residency by the text that says them, where nothing is wrong with it.
        func pin(
            _ text: Substring, _ rules: PinRules, _ places: inout [Substring: Configuration.Pin]
        ) -> Configuration.Pin? {
            let comma = text.utf8.firstIndex(of: 44) ?? text.endIndex
            guard let known = places[text[comma...]] else {
                let before = reading.problems.count
                let pin = pin(text, rules)
                if reading.problems.count == before, let pin { places[text[comma...]] = pin }
                return pin
            }
            guard let tenant = read(text[..<comma], .tenant, at: 0) else { return nil }
            return Configuration.Pin(tenant: tenant, home: known.home, residency: known.residency)
        }

        private func pin(_ text: Substring, _ rules: PinRules) -> Configuration.Pin? {
            let fields = text.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == 3 else {
                report("has \(fields.count) fields", form, at: 0)
                return nil
            }
            let home = fields[0].unicodeScalars.count + 1
            let residency = home + fields[1].unicodeScalars.count + 1
            var places: [String] = []
            var column = residency
            for place in fields[2].split(separator: ";", omittingEmptySubsequences: false) {
                if let place = read(place, .known(rules.jurisdictions), at: column) { places.append(place) }
                column += place.unicodeScalars.count + 1
            }
            guard let tenant = read(fields[0], .tenant, at: 0),
                let region = read(fields[1], .known(rules.regions), at: home)
            else { return nil }
            let pin = Configuration.Pin(tenant: tenant, home: region, residency: places)
            if let problem = rules.problem(with: pin) {
                report("residency \(problem.what)", problem.right, at: residency)
            }
            return pin
        }

        private func read(_ field: Substring, _ kind: Kind<String>, at offset: Int) -> String? {
            switch kind.parse(String(field)) {
            case .value(let value): return value
            case .wrong(let what, let right):
                report(
                    "\(Value.quoted(String(field)))\(what.isEmpty ? " is not allowed" : what)", right ?? kind.expected,
                    at: offset)
                return nil
            }
        }
    }
}
