import Model

/// The field `facts`, whose words `DecisionFacts` reads: at most 96 bytes of a line.
extension AccessLogFormatter {
    /// - Parameters:
    ///   - endpoint: the line's.
    ///   - run: which process wrote it, JSON inside.
    static func appendFacts(
        _ record: RequestRecord, endpoint: EndpointID, _ texts: RecordTexts, _ names: LogNames, run: [UInt8],
        to line: inout LineBuffer
    ) {
        let decision = record.decision
        line.append(",\"facts\":")
        // What the edge answered before it looked for a route was not decided.
        if decision.generation == 0 { return line.append("null") }
        line.append(byte: 0x22)
        line.append(raw: run)
        if decision.isKeyed { append("k", decision.key, to: &line) }
        if !decision.hold.isNone {
            append("h", UInt64(decision.hold.region.rawValue), to: &line)
            line.append(byte: 0x2E)
            line.append(base36: UInt64(decision.hold.cell.rawValue))
        }
        appendXRegion(texts.xRegion, names, to: &line)
        // A key's draws need no record: they come out the same each time.
        if !decision.letGo.isEmpty, !decision.isKeyed {
            append("l", decision.letGo.bits, to: &line)
            append("n", UInt64(decision.nearest.rawValue), to: &line)
        }
        if decision.region != record.region { append("r", UInt64(decision.region.rawValue), to: &line) }
        if decision.cell != record.cell { append("c", UInt64(decision.cell.rawValue), to: &line) }
        if decision.endpoint != endpoint { append("e", UInt64(decision.endpoint.rawValue), to: &line) }
        if decision.reason != record.reason { append("w", UInt64(decision.reason.rawValue), to: &line) }
        if decision.generation != record.generation { append("g", decision.generation, to: &line) }
        line.append(byte: 0x22)
    }

    private static func appendXRegion(_ name: UnsafeRawBufferPointer, _ names: LogNames, to line: inout LineBuffer) {
        if name.isEmpty { return }
        if let region = names.region(named: name) {
            append("x", UInt64(region.rawValue), to: &line)
        } else {
            line.append(" x?")
        }
    }

    private static func append(_ letter: StaticString, _ value: UInt64, to line: inout LineBuffer) {
        line.append(byte: 0x20)
        line.append(letter)
        line.append(base36: value)
    }
}

extension LineBuffer {
    /// Digits and lower-case letters.
    fileprivate mutating func append(base36 value: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 13) { digits in
            var (rest, start) = (value, 13)
            repeat {
                let digit = UInt8(truncatingIfNeeded: rest % 36)
                start -= 1
                digits[start] = digit < 10 ? 48 + digit : 87 + digit
                rest /= 36
            } while rest > 0
            append(slice: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[start..<13]))
        }
    }
}
