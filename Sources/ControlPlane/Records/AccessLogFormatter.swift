import Model

/// Makes one JSON line of one request record, with the field names of interfaces.md. Copies bytes, makes no String:
/// about a microsecond a line. One thread.
struct AccessLogFormatter: Sendable {
    private var timestamp = TimestampWriter()

    /// The RFC 9209 tokens as JSON strings, by `ExchangeError.Reason`.
    private static let errors: [[UInt8]] = ExchangeError.Reason.allCases.map { Array("\"\($0.token)\"".utf8) }
    private static let methods: [[UInt8]] = Method.allCases.map { Array("\"\($0.text)\"".utf8) }
    private static let whys: [[UInt8]] = AttemptWhy.allCases.map { Array("\"\($0.name)\"".utf8) }
    private static let reasons: [[UInt8]] = Reason.allCases.map { Array("\"\($0.name)\"".utf8) }

    /// Appends the line with its newline.
    /// - Parameter run: which process writes it, JSON inside.
    mutating func append(
        _ record: RequestRecord, texts: RecordTexts, names: LogNames, run: [UInt8], to line: inout LineBuffer
    ) {
        line.append("{\"time\":\"")
        timestamp.append(record.startedAt, to: &line)
        line.append("\",\"request_id\":")
        line.append(quoted: texts.requestID)
        line.append(",\"client\":")
        AccessLogFormatter.appendClient(record, to: &line)
        line.append(",\"listener\":")
        AccessLogFormatter.append(names.listeners, Int(record.listener), to: &line)
        line.append(",\"protocol\":\"h2\",\"method\":")
        line.append(raw: AccessLogFormatter.methods[Int(record.method.rawValue)])
        line.append(",\"authority\":")
        line.append(quoted: texts.authority)
        line.append(",\"path\":")
        line.append(quoted: texts.path)
        line.append(",\"route\":")
        AccessLogFormatter.append(names.routes, record.route.index, to: &line)
        line.append(",\"tenant\":")
        if texts.tenant.isEmpty { line.append("null") } else { line.append(quoted: texts.tenant) }
        AccessLogFormatter.appendDecision(record, names, to: &line)
        AccessLogFormatter.appendOutcome(record, to: &line)
        let endpoint = AccessLogFormatter.lastEndpoint(record, min(Int(record.attemptCount), 3))
        AccessLogFormatter.appendFacts(record, endpoint: endpoint, texts, names, run: run, to: &line)
        line.append("}\n")
    }

    private static func appendDecision(_ record: RequestRecord, _ names: LogNames, to line: inout LineBuffer) {
        line.append(",\"region\":")
        append(names.regions, record.region.index, to: &line)
        line.append(",\"cell\":")
        append(names.cells, record.cell.index, to: &line)
        let tried = min(Int(record.attemptCount), 3)
        line.append(",\"endpoint\":")
        append(names.endpoints, lastEndpoint(record, tried).index, to: &line)
        line.append(",\"reason\":")
        line.append(raw: reasons[Int(record.reason.rawValue)])
        line.append(",\"stage_facts\":{")
        if record.wantedRegion != .none {
            line.append("\"wanted_region\":")
            append(names.regions, record.wantedRegion.index, to: &line)
        }
        line.append("},\"generation\":")
        line.append(record.generation)
        line.append(",\"attempts\":[")
        for index in 0..<tried {
            let attempt = attempt(record, index)
            line.append(index == 0 ? "{\"endpoint\":" : ",{\"endpoint\":")
            append(names.endpoints, attempt.endpoint.index, to: &line)
            line.append(",\"error\":")
            appendError(attempt.error, to: &line)
            line.append(",\"why\":")
            line.append(raw: whys[Int(attempt.why.rawValue)])
            line.append(byte: 0x7D)
        }
    }

    /// Who answered: of a hedged request that may be the first; else the last one tried.
    private static func lastEndpoint(_ record: RequestRecord, _ tried: Int) -> EndpointID {
        for index in (0..<tried).reversed() where attempt(record, index).error == 0 {
            return attempt(record, index).endpoint
        }
        return tried == 0 ? .none : attempt(record, tried - 1).endpoint
    }

    private static func appendOutcome(_ record: RequestRecord, to line: inout LineBuffer) {
        line.append("],\"status\":")
        line.append(UInt64(record.status))
        line.append(",\"error\":")
        appendError(record.error, to: &line)
        line.append(",\"bytes_in\":")
        line.append(record.bytesIn)
        line.append(",\"bytes_out\":")
        line.append(record.bytesOut)
        line.append(",\"duration_us\":")
        line.append(UInt64(record.durationMicroseconds))
        line.append(",\"upstream_us\":")
        line.append(UInt64(record.upstreamMicroseconds))
    }

    private static func attempt(
        _ record: RequestRecord, _ index: Int
    ) -> (endpoint: EndpointID, error: UInt8, why: AttemptWhy) {
        switch index {
        case 0: (record.endpoints.0, record.attemptErrors.0, record.attemptWhys.0)
        case 1: (record.endpoints.1, record.attemptErrors.1, record.attemptWhys.1)
        default: (record.endpoints.2, record.attemptErrors.2, record.attemptWhys.2)
        }
    }

    /// `null` for an id of nothing.
    private static func append(_ names: [[UInt8]], _ index: Int, to line: inout LineBuffer) {
        if names.indices.contains(index) { line.append(raw: names[index]) } else { line.append("null") }
    }

    private static func appendError(_ code: UInt8, to line: inout LineBuffer) {
        append(errors, Int(code) - 1, to: &line)
    }

    /// `address:port`, `[v6]:port`, or `unix`.
    private static func appendClient(_ record: RequestRecord, to line: inout LineBuffer) {
        let client = record.client
        if client.high == 0, client.low == 0, !client.isIPv6 {
            line.append("\"unix\"")
            return
        }
        line.append(byte: 0x22)
        if client.isIPv6 {
            // Rare enough for the shared writer, which makes a String.
            line.append(byte: 0x5B)
            line.append(raw: Array(client.description.utf8))
            line.append(byte: 0x5D)
        } else {
            for index in 0..<4 {
                if index > 0 { line.append(byte: 0x2E) }
                line.append(UInt64(client.byte(index)))
            }
        }
        line.append(byte: 0x3A)
        line.append(UInt64(record.clientPort))
        line.append(byte: 0x22)
    }
}
