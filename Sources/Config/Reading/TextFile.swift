import Foundation

/// A text file read whole, or why it cannot be.
enum TextFile {
    struct Failure {
        let what: String
        let right: String
        /// Where in the file, if inside it.
        var place: Place?

        func problem(in file: String, at place: Place) -> Problem {
            Problem(file: file, line: place.line, column: place.column, message: "\(what) (\(right))")
        }
    }

    enum Outcome {
        case success(String)
        case failure(Failure)
    }

    static func read(_ path: String, maxBytes: Int) -> Outcome {
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: maxBytes + 1) ?? Data()
        else { return .failure(Failure(what: "cannot be read: \(reason(path))", right: "a readable file")) }
        guard data.count <= maxBytes else {
            return .failure(Failure(what: "is too long", right: "at most \(Units.size(maxBytes))"))
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            // The repaired text equals the file up to the first replacement character.
            let place = place(of: "\u{FFFD}", in: String(decoding: data, as: UTF8.self))
            return .failure(Failure(what: "this is not UTF-8", right: "text in UTF-8", place: place))
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

    private static func place(of wanted: Unicode.Scalar, in text: String) -> Place {
        var place = Place.start
        for scalar in text.unicodeScalars {
            if scalar == wanted { break }
            place = scalar == "\n" ? Place(line: place.line + 1, column: 1) : place.next
        }
        return place
    }
}
