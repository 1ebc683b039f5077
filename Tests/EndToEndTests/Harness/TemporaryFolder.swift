import Foundation

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/portolan-e2e-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw HarnessError("no temporary folder: errno \(errno)") }
        path = String(cString: made)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// A file of `byteCount` octets that nothing compresses by chance.
    @discardableResult
    func write(_ name: String, byteCount: Int) throws -> String {
        let line = Data((0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) })
        guard FileManager.default.createFile(atPath: file(name), contents: nil),
            let handle = FileHandle(forWritingAtPath: file(name))
        else { throw HarnessError("cannot write \(name)") }
        var left = byteCount
        while left > 0 {
            try handle.write(contentsOf: line.prefix(left))
            left -= line.count
        }
        try handle.close()
        return file(name)
    }

    func read(_ name: String) -> String {
        (try? Data(contentsOf: URL(fileURLWithPath: file(name)))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func byteCount(of name: String) -> Int {
        (try? Data(contentsOf: URL(fileURLWithPath: file(name))))?.count ?? 0
    }
}
