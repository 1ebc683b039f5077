/// Where files stand and what they are called.
enum Layout {
    static let executables: Set<String> = ["App", "EdgeBench", "Simulate"]

    /// Every module opens with a page of prose: what goes in, what comes out, what it never knows, its cost, its start.
    static func frontPages(of sources: [SourceFile]) -> [Finding] {
        let modules = Set(sources.map(\.module)).subtracting(executables)
        return modules.sorted().flatMap { module -> [Finding] in
            let path = "Sources/\(module)/\(module).swift"
            guard let page = sources.first(where: { $0.path == path }) else {
                return [Finding(path: path, line: 0, message: "the module has no front page")]
            }
            var findings: [Finding] = []
            if let line = page.codeLines.firstIndex(where: { !$0.allSatisfy(\.isWhitespace) }) {
                let message = "a front page is comment only"
                findings.append(Finding(path: path, line: line + 1, message: message))
            }
            for word in ["In", "Out", "Never", "Cost", "Start"]
            where !page.lines.contains(where: { $0.hasPrefix("// \(word) ") }) {
                let message = "the front page has no line “// \(word) …”"
                findings.append(Finding(path: path, line: 0, message: message))
            }
            return findings
        }
    }

    /// Tests of what stands outside Sources.
    static let testsWithoutSource: Set<String> = [
        "Tests/ConfigTests/SampleTests.swift", "Tests/PolicyTests/HealthDetectorTimeTests.swift",
    ]

    /// `Tests/<Module>Tests/<File>Tests.swift` tests `Sources/<Module>/…/<File>.swift`, or a type of such a file. The
    /// tests of `Type+Topic.swift` may leave out the plus.
    static func mirrors(of tests: [SourceFile], sources: [SourceFile]) -> [Finding] {
        let names = sources.flatMap { file in
            ([file.name, file.name.replacing("+", with: "")] + file.types.map(\.name)).map { "\(file.module)/\($0)" }
        }
        let known = Set(names)
        let free: Set<String> = ["TidyTests", "EndToEndTests", "Support"]
        return tests.compactMap { test in
            guard !free.contains(test.module), !testsWithoutSource.contains(test.path) else { return nil }
            guard test.name.hasSuffix("Tests") else {
                guard test.codeText.contains("@Test") else { return nil }
                return Finding(path: test.path, line: 0, message: "a file with tests is named …Tests.swift")
            }
            let (module, name) = (test.module.dropLast(5), test.name.dropLast(5))
            if known.contains("\(module)/\(name)") { return nil }
            return Finding(
                path: test.path, line: 0, message: "there is nothing named \(name) in Sources/\(module) to test")
        }
    }

    /// A type named like its module hides the module.
    static func typesNamedLikeModules(in sources: [SourceFile]) -> [Finding] {
        sources.flatMap { file in
            file.types.filter { $0.name == file.module }.map {
                Finding(path: file.path, line: $0.line, message: "type \($0.name) is named like its module")
            }
        }
    }

    /// A file of whose types, or members where it only extends, no other file under Sources says a word.
    static func deadFiles(in sources: [SourceFile]) -> [Finding] {
        let words = sources.map { ($0.path, $0.words) }
        return sources.compactMap { file in
            guard file.name != "main", !file.codeText.contains("@main") else { return nil }
            let declared = file.types.isEmpty ? members(of: file) : file.types.map(\.name)
            guard !declared.isEmpty else { return nil }  // a front page, or a conformance alone
            let isAlive = words.contains { path, said in path != file.path && declared.contains { said.contains($0) } }
            if isAlive { return nil }
            return Finding(path: file.path, line: 0, message: "nothing else mentions \(declared[0]): remove the file")
        }
    }

    private static func members(of file: SourceFile) -> [String] {
        file.functions.map(\.name).filter { !$0.isEmpty && $0 != "deinit" }
    }
}
