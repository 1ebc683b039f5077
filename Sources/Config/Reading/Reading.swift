import Foundation
import Model
import Yams

/// What all values of one file share while it is read: problems, the environment, the folder paths are relative to.
final class Reading {
    private struct NeededFile {
        let path: String
        let key: String
        let place: Place
        let holdsSecret: Bool
    }

    private struct NeededEndpoints {
        let path: String
        let key: Value
        let upstream: Configuration.Upstream
    }

    let file: String
    let environment: [String: String]
    private let folder: String
    private(set) var problems: [Problem] = []
    private var neededFiles: [NeededFile] = []
    private var neededEndpoints: [NeededEndpoints] = []
    /// Names that stand in for the second of two equal keys (`DuplicateKeys`); no section looks at them.
    var maskedKeys: Set<String> = []

    /// Of the text that is being read.
    var lines = LineMap("")

    init(file: String, environment: [String: String]) {
        (self.file, self.environment) = (file, environment)
        let absolute = file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
        folder = absolute.lastIndex(of: "/").map { String(absolute[..<$0]) } ?? ""
    }

    /// Where an editor shows what the parser marked.
    func place(_ mark: Mark?) -> Place {
        lines.place(Place(line: mark?.line ?? 1, column: mark?.column ?? 1))
    }

    /// `what` is wrong; `right` says what would be right.
    func report(_ what: String, right: String, at place: Place, severity: Problem.Severity = .error) {
        add(
            Problem(
                file: file, line: place.line, column: place.column, severity: severity,
                message: "\(what) (\(right))"))
    }

    func add(_ problem: Problem) {
        problems.append(problem)
    }

    /// Joined as the system would, without resolving `..`: a folder on the way may be a symbolic link.
    func absolutePath(_ written: String) -> String {
        if written.hasPrefix("/") { return written }
        return folder + "/" + (written.hasPrefix("./") ? String(written.dropFirst(2)) : written)
    }

    func needFile(_ path: String, key: String, at place: Place, holdsSecret: Bool) {
        neededFiles.append(NeededFile(path: path, key: key, place: place, holdsSecret: holdsSecret))
    }

    /// Names a file of endpoints' addresses; `key` is where.
    func needEndpoints(_ path: String, key: Value, _ upstream: Configuration.Upstream) {
        neededEndpoints.append(NeededEndpoints(path: path, key: key, upstream: upstream))
    }

    /// Every file that a key named must be there and readable by this process, and every file of endpoints be right.
    func checkFiles() {
        checkEndpoints()
        for needed in neededFiles {
            var isFolder: ObjCBool = false
            if !FileManager.default.fileExists(atPath: needed.path, isDirectory: &isFolder) {
                report("\(needed.key): there is no file \(needed.path)", right: "an existing file", at: needed.place)
            } else if isFolder.boolValue {
                report("\(needed.key): \(needed.path) is a folder", right: "a file", at: needed.place)
            } else if !FileManager.default.isReadableFile(atPath: needed.path) {
                report(
                    "\(needed.key): \(needed.path) is not readable", right: "a file this user may read",
                    at: needed.place)
            } else if needed.holdsSecret, isReadableByAll(needed.path) {
                report(
                    "\(needed.key): everybody on this machine may read \(needed.path)", right: "chmod 600",
                    at: needed.place, severity: .warning)
            }
        }
    }

    private func checkEndpoints() {
        for needed in neededEndpoints {
            do throws(ConfigurationError) {
                needed.key.checkServerName(of: try EndpointsFile.read(needed.path), needed.upstream)
            } catch {
                for problem in error.problems where !problems.contains(problem) { add(problem) }
            }
        }
    }

    private func isReadableByAll(_ path: String) -> Bool {
        let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber
        return (mode?.intValue ?? 0) & 0o004 != 0
    }
}
