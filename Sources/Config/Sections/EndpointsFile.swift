public import Model

/// A cell's addresses in a file of their own, one a line: what `endpoints_file` names. Empty lines are passed over, and
/// so is what follows a `#` at the line's start or after a space. Its mistakes carry its own name and lines.
public enum EndpointsFile {
    /// Far more than a cell's endpoints take.
    private static let maxBytes = 4 << 20
    /// Endpoints have ids of 16 bits, over all cells.
    static let maxAddresses = 65_000

    /// The addresses in the file's order; or every mistake, and then none of the addresses. May block.
    public static func read(_ path: String) throws(ConfigurationError) -> [Address] {
        switch TextFile.read(path, maxBytes: maxBytes) {
        case .success(let text): return try addresses(text, path)
        case .failure(let failure):
            throw ConfigurationError(problems: [failure.problem(in: path, at: failure.place ?? .start)])
        }
    }

    static func addresses(_ text: String, _ path: String) throws(ConfigurationError) -> [Address] {
        let reading = Reading(file: path, environment: [:])
        var (addresses, lines): ([Address], [Address: Int]) = ([], [:])
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let start = line.prefix(while: \.isWhitespace).unicodeScalars.count
            let word = EndpointsFile.word(of: line)
            if word.isEmpty { continue }
            let place = Place(line: index + 1, column: start + 1)
            switch Kind<Address>.endpoint(reading).parse(word) {
            case .wrong(let what, let right):
                let what = what.isEmpty ? " is no address" : what
                reading.report(
                    "\(Value.quoted(word))\(what)", right: right ?? Kind<Address>.endpoint(reading).expected, at: place)
            case .value(let address):
                if let first = lines[address] {
                    reading.report("\(address) is there already, in line \(first)", right: "each once", at: place)
                }
                lines[address] = lines[address] ?? place.line
                addresses.append(address)
            }
        }
        if addresses.count > maxAddresses {
            reading.report("has \(addresses.count) addresses", right: "at most \(maxAddresses)", at: .start)
        }
        guard reading.problems.isEmpty else { throw ConfigurationError(problems: reading.problems) }
        return addresses
    }

    /// The line without its comment and the spaces around it.
    private static func word(of line: Substring) -> String {
        var (end, previous) = (line.startIndex, Character(" "))
        while end < line.endIndex, !(line[end] == "#" && previous.isWhitespace) {
            previous = line[end]
            end = line.index(after: end)
        }
        let content = line[..<end].drop(while: \.isWhitespace)
        let last = content.lastIndex { !$0.isWhitespace }
        return last.map { String(content[...$0]) } ?? ""
    }
}
