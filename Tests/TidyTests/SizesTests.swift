import Testing

struct SizesTests {
    static func function(_ head: String, lines: Int) -> String {
        head + " {\n" + String(repeating: "    step()\n", count: lines - 2) + "}\n"
    }

    static let heads = [
        "func a()", "public mutating func a<T>(_ b: T = { 1 }()) throws(E) -> [T] where T: P", "init?(x: Int)",
        "deinit", "subscript(index: Int) -> Int", "var total: Int", "func == (a: A, b: A) -> Bool",
    ]

    @Test("sixty lines pass, sixty-one do not", arguments: heads)
    func functionLength(head: String) {
        let short = Sizes.findings(in: SourceFile("Sources/A/B.swift", SizesTests.function(head, lines: 60)))
        #expect(short.isEmpty, "\(report(short))")
        let long = Sizes.findings(in: SourceFile("Sources/A/B.swift", "\n" + SizesTests.function(head, lines: 61)))
        #expect(long.count == 1 && long.first?.line == 2, "\(report(long))")
    }

    @Test("requirements of a protocol and stored properties have no body")
    func requirements() {
        let text =
            "protocol P {\n func a()\n init(b: Int)\n var c: Int { get }\n}\nstruct S { let d = 1\n var e: Int }\n"
        #expect(SourceFile("Sources/A/B.swift", text).functions.map(\.name) == ["c"])
    }

    @Test("a call of an initialiser is not one")
    func calls() {
        let text = "func a() {\n self.init(b: 1)\n x = .init { 2 }\n}\n"
        #expect(SourceFile("Sources/A/B.swift", text).functions.map(\.name) == ["a"])
    }

    @Test("braces in strings and comments do not count")
    func braces() {
        let text = "func a() {\n  // }\n  let b = \"}\"\n  /* } */\n}\n"
        #expect(SourceFile("Sources/A/B.swift", text).functions.map(\.lineCount) == [5])
    }

    @Test("five hundred lines pass, one more does not")
    func fileLength() {
        let most = SourceFile("Sources/A/B.swift", String(repeating: "\n", count: 500))
        #expect(Sizes.findings(in: most).isEmpty)
        let more = SourceFile("Sources/A/B.swift", String(repeating: "\n", count: 501))
        #expect(Sizes.findings(in: more).map(\.line) == [0])
    }

    @Test("columns are characters, not bytes")
    func columns() {
        let most = SourceFile("Sources/A/B.swift", "// " + String(repeating: "ö", count: 117))
        #expect(Sizes.findings(in: most).isEmpty)
        let more = SourceFile("Sources/A/B.swift", "\n// " + String(repeating: "x", count: 118))
        #expect(Sizes.findings(in: more).map(\.line) == [2])
    }
}
