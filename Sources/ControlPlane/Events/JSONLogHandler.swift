public import Logging

/// The process log: one JSON object a line, `time`, `level`, `message`, then the metadata by key.
///
/// Numbers given as `.stringConvertible` of an integer stay numbers. Metadata named `time` (nanoseconds since 1970)
/// takes the place of the handler's own clock, so that an event has one time wherever it is shown.
public struct JSONLogHandler: LogHandler {
    /// Takes one whole line with its newline. Called from any thread; must not wait.
    public typealias Output = @Sendable ([UInt8]) -> Void

    public var logLevel = Logger.Level.info
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let output: Output
    private let clock: ControlClock

    public init(output: @escaping Output = JSONLogHandler.standardError, clock: ControlClock = .system) {
        (self.output, self.clock) = (output, clock)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        if let error = event.error { fields["error"] = .string("\(error)") }
        let given = fields.removeValue(forKey: "time").flatMap { UInt64($0.description) }
        let message = event.message.description
        output(JSONLogHandler.line(event.level, message, fields, time: given ?? clock.wallNanoseconds()))
    }

    /// - Parameter time: nanoseconds since 1970.
    static func line(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata, time: UInt64) -> [UInt8] {
        var line = LineBuffer(capacity: 256)
        var timestamp = TimestampWriter()
        line.append("{\"time\":\"")
        timestamp.append(time, to: &line)
        line.append("\",\"level\":")
        line.append(quoted: level.rawValue)
        line.append(",\"message\":")
        line.append(quoted: message)
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            line.append(byte: 0x2C)
            line.append(quoted: key)
            line.append(byte: 0x3A)
            append(value, to: &line)
        }
        line.append("}\n")
        return line.bytes
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout LineBuffer) {
        switch value {
        case .string(let text): line.append(quoted: text)
        case .stringConvertible(let value):
            if value is any BinaryInteger {
                line.append(raw: Array(value.description.utf8))
            } else {
                line.append(quoted: value.description)
            }
        case .array(let values):
            line.append(byte: 0x5B)
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(byte: 0x2C) }
                append(value, to: &line)
            }
            line.append(byte: 0x5D)
        case .dictionary(let values):
            line.append(byte: 0x7B)
            for (index, entry) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(byte: 0x2C) }
                line.append(quoted: entry.key)
                line.append(byte: 0x3A)
                append(entry.value, to: &line)
            }
            line.append(byte: 0x7D)
        }
    }

    /// Behind the caller's back: `LogQueue.flush` before the process ends.
    public static let standardError: Output = { LogQueue.standardError.append($0) }
}
