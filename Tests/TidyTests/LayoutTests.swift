import Testing

struct LayoutTests {
    static let page = "// A — does a thing.\n// In   x\n// Out  y\n// Never z\n// Cost 1\n// Start A.swift\n"

    @Test("a front page has its five lines and no code")
    func frontPages() {
        #expect(Layout.frontPages(of: [SourceFile("Sources/A/A.swift", LayoutTests.page)]).isEmpty)
        let missing = Layout.frontPages(of: [SourceFile("Sources/A/B.swift", "")])
        #expect(missing.map(\.description) == ["Sources/A/A.swift: the module has no front page"])
        let withCode = Layout.frontPages(of: [SourceFile("Sources/A/A.swift", LayoutTests.page + "struct S {}\n")])
        #expect(withCode.map(\.line) == [7])
        let short = Layout.frontPages(of: [SourceFile("Sources/A/A.swift", "// In x\n// Out y\n// Never z\n// Start\n")]
        )
        #expect(
            short.map(\.message) == [
                "the front page has no line “// Cost …”", "the front page has no line “// Start …”",
            ])
    }

    static let tests: [(String, String, Bool)] = [
        ("Tests/ATests/BTests.swift", "", true), ("Tests/ATests/CTests.swift", "", false),
        ("Tests/ATests/DTests.swift", "", true), ("Tests/ATests/BPartTests.swift", "", true),
        ("Tests/ATests/Lines.swift", "func help() {}", true), ("Tests/ATests/Lines.swift", "@Test func a() {}", false),
        ("Tests/EndToEndTests/FailoverTests.swift", "@Test func a() {}", true),
    ]

    @Test("a test file is named after what it tests", arguments: tests)
    func mirrors(path: String, text: String, isRight: Bool) {
        let sources = [SourceFile("Sources/A/Deep/B.swift", "struct D {}"), SourceFile("Sources/A/B+Part.swift", "")]
        #expect(Layout.mirrors(of: [SourceFile(path, text)], sources: sources).isEmpty == isRight)
    }

    @Test("a type named like its module is found, a mention is not")
    func names() {
        let bad = SourceFile("Sources/Policy/P.swift", "\npublic enum Policy {}\n")
        #expect(Layout.typesNamedLikeModules(in: [bad]).map(\.line) == [2])
        let good = SourceFile("Sources/Policy/P.swift", "struct P { let a = Policy.decide }")
        #expect(Layout.typesNamedLikeModules(in: [good]).isEmpty)
    }

    @Test("a file nobody mentions is dead, unless it starts the program")
    func deadFiles() {
        let used = SourceFile("Sources/A/Used.swift", "struct Used {}")
        let unused = SourceFile("Sources/A/Unused.swift", "struct Unused { let x: Used }")
        let main = SourceFile("Sources/App/main.swift", "struct Program {}")
        let part = SourceFile("Sources/A/Used+Part.swift", "extension Used { func part() {} }")
        let findings = Layout.deadFiles(in: [used, unused, main, part])
        #expect(findings.map(\.path) == ["Sources/A/Unused.swift", "Sources/A/Used+Part.swift"])
    }
}
