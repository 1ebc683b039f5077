import Config
import Discovery
import Model

/// One look at a file of endpoints. Files may lie on a network: looks happen on a thread that nobody waits for.
struct EndpointReading: Sendable {
    let path: String
    /// Taken before the file was read.
    let stamp: FileStamp?
    let result: Result<[Address], LookupFailure>

    /// Reads each.
    static func all(of paths: [String]) async -> [EndpointReading] {
        if paths.isEmpty { return [] }
        return await offload { paths.map { EndpointReading($0, FileStamp(path: $0)) } }
    }

    /// Reads those that are not what the table was told of.
    static func stale(in table: FileTable) async -> [EndpointReading] {
        await offload {
            table.paths.compactMap { path in
                let stamp = FileStamp(path: path)
                return table.isStale(path, stamp) ? EndpointReading(path, stamp) : nil
            }
        }
    }

    private init(_ path: String, _ stamp: FileStamp?) {
        (self.path, self.stamp) = (path, stamp)
        do throws(ConfigurationError) { result = .success(try EndpointsFile.read(path)) } catch {
            result = .failure(LookupFailure(reason: error.problems.map(\.description).joined(separator: "; ")))
        }
    }
}
