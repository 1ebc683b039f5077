import Config
import Discovery
import Model

/// One look at a file of endpoints. Files may lie on a network: looks happen on a thread that nobody waits for.
struct EndpointReading: Sendable {
    let path: String
    /// Taken before the file was read.
    let stamp: FileStamp?
    /// Nil: not read, for it is another than before but may not be written to its end.
    let result: Result<[Address], LookupFailure>?

    /// Reads each.
    static func all(of paths: [String]) async -> [EndpointReading] {
        if paths.isEmpty { return [] }
        return await offload { paths.map { EndpointReading($0, FileStamp(path: $0)) } }
    }

    /// Looks at all, and reads those that are not what the table was told of.
    static func stale(in table: FileTable, now: LoopTime) async -> [EndpointReading] {
        await offload {
            table.paths.compactMap { path in
                let stamp = FileStamp(path: path)
                switch table.look(at: path, stamp, now: now) {
                case .same: return nil
                case .unsettled: return EndpointReading(unread: path, stamp)
                case .due:
                    let reading = EndpointReading(path, stamp)
                    let after = FileStamp(path: path)
                    return after == stamp ? reading : EndpointReading(unread: path, after)
                }
            }
        }
    }

    private init(_ path: String, _ stamp: FileStamp?) {
        (self.path, self.stamp) = (path, stamp)
        do throws(ConfigurationError) { result = .success(try EndpointsFile.read(path)) } catch {
            let reason = error.problems.map(\.description).joined(separator: "; ")
            result = .failure(LookupFailure(reason: reason, isFinal: true))
        }
    }

    private init(unread path: String, _ stamp: FileStamp?) { (self.path, self.stamp, result) = (path, stamp, nil) }
}
