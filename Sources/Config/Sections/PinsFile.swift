import Model

/// Tenants in a file of their own, one a line: `tenant,home,jurisdiction;jurisdiction`. Empty lines, lines that begin
/// with `#` and a first line `tenant,home,residency` are passed over. Its problems carry its own name and lines.
enum PinsFile {
    private static let form = "tenant,home,jurisdiction;jurisdiction"
    private static let maxBytes = 256 << 20

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

    static func pins(_ text: String, _ path: String, _ reading: Reading, _ rules: PinRules) -> [Configuration.Pin] {
        var (pins, lines): ([Configuration.Pin], [String: Int]) = ([], [:])
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let row = Row(line: index + 1, path: path, reading: reading)
            if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") { continue }
            if pins.isEmpty, line == "tenant,home,residency" { continue }
            guard let pin = row.pin(line, rules) else { continue }
            if let first = lines[pin.tenant] {
                row.report("the tenant \"\(pin.tenant)\" is there already, in line \(first)", "each tenant once", at: 0)
            }
            lines[pin.tenant] = lines[pin.tenant] ?? row.line
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

        func pin(_ text: Substring, _ rules: PinRules) -> Configuration.Pin? {
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
