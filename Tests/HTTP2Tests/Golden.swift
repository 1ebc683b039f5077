import Foundation
import Testing

/// Texts kept beside the tests. `UPDATE=1` rewrites them; what changed shows in the diff.
enum Golden {
    static func check(_ lines: [String], _ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Transcripts")
        let file = folder.appending(path: "\(name).txt")
        let text = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["UPDATE"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, "Transcripts/\(name).txt says otherwise")
    }
}
