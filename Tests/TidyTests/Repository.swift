import Foundation

/// The files of this checkout, read once.
struct Repository {
    let root: URL
    /// Sources and tests, in the order of their paths.
    let swiftFiles: [SourceFile]
    /// Everything that people wrote: code, scripts, documents, configurations. Paths are relative to the root.
    let texts: [(path: String, text: String)]
    /// Of pictures, which links may name.
    let pictures: Set<String>

    static let here = Repository(
        root: URL(filePath: #filePath).resolvingSymlinksInPath().appending(path: "../../..").standardized)

    private static let skipped: Set<String> = [".git", ".build", ".tools", ".swiftpm", "out", "var", "__pycache__"]
    private static let withoutText: Set<String> = ["pem", "key", "crt", "der", "db", "png", "resolved"]

    init(root: URL) {
        self.root = root
        var texts: [(path: String, text: String)] = []
        var pictures: Set<String> = []
        let manager = FileManager.default
        let walk = manager.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        while let url = walk?.nextObject() as? URL {
            if Repository.skipped.contains(url.lastPathComponent) {
                walk?.skipDescendants()
            } else if url.pathExtension == "png" {
                pictures.insert(String(url.standardized.path.dropFirst(root.path.count + 1)))
            } else if !Repository.withoutText.contains(url.pathExtension),
                let text = try? String(contentsOf: url, encoding: .utf8)
            {
                texts.append((String(url.standardized.path.dropFirst(root.path.count + 1)), text))
            }
        }
        self.texts = texts.sorted { $0.path < $1.path }
        self.pictures = pictures
        swiftFiles = self.texts.filter { $0.path.hasSuffix(".swift") }.map { SourceFile($0.path, $0.text) }
    }

    var sources: [SourceFile] { swiftFiles.filter { $0.path.hasPrefix("Sources/") } }
    var tests: [SourceFile] { swiftFiles.filter { $0.path.hasPrefix("Tests/") } }

    func text(_ path: String) -> String { texts.first { $0.path == path }?.text ?? "" }
}
