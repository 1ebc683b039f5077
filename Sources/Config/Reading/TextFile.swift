import Foundation

/// A text file read whole, or the problem that it is not one.
enum TextFile {
    enum Outcome {
        case success(String)
        case failure(Problem)
    }

    static func read(_ path: String, maxBytes: Int) -> Outcome {
        let wrong = { (line: Int, column: Int, message: String) in
            Outcome.failure(Problem(file: path, line: line, column: column, message: message))
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            return wrong(1, 1, "cannot be read: \(reason(path)) (a readable file)")
        }
        guard data.count <= maxBytes else {
            return wrong(1, 1, "has \(data.count) bytes (at most \(Units.size(maxBytes)))")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            // The repaired text equals the file up to the first replacement character.
            let (line, column) = place(of: "\u{FFFD}", in: String(decoding: data, as: UTF8.self))
            return wrong(line, column, "is not UTF-8 here (a text file in UTF-8)")
        }
        return .success(text)
    }

    private static func reason(_ path: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return "there is no such file"
        }
        return isFolder.boolValue ? "it is a folder" : "its permissions forbid it"
    }

    /// Line and column from 1, in scalars, of the first `wanted`.
    private static func place(of wanted: Unicode.Scalar, in text: String) -> (Int, Int) {
        var (line, column) = (1, 1)
        for scalar in text.unicodeScalars {
            if scalar == wanted { break }
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return (line, column)
    }
}
