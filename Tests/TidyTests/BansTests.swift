import Testing

struct BansTests {
    static let rows: [(path: String, code: String, count: Int)] = [
        ("Sources/Policy/A.swift", "let a = Date()", 1),
        ("Sources/Policy/A.swift", "let a = ContinuousClock.now", 1),
        ("Sources/Policy/A.swift", "let a = ContinuousClock().now", 1),
        ("Sources/DataPlane/A.swift", "let a = loop.now", 0),
        ("Sources/Policy/A.swift", "let a = Int.random(in: 0..<5)", 1),
        ("Sources/App/A.swift", "let seed = UInt64.random(in: 0...9)", 0),
        ("Sources/HTTP2/A.swift", "var a: any Owner", 1),
        ("Sources/HTTP2/A.swift", "// any Owner\nlet many = company", 0),
        ("Sources/DataPlane/A.swift", "let a = String(decoding: b, as: UTF8.self)", 1),
        ("Sources/Model/Address+Text.swift", "let a = String(5)", 0),
        ("Sources/DataPlane/Edge+Text.swift", "let a = String(5)", 0),
        ("Sources/DataPlane/A.swift", "let a = \"\\(String(5))\"", 1),
        ("Sources/DataPlane/A.swift", "let a = \"String(5)\"", 0),
        ("Sources/Reactor/A.swift", "func a() async {}", 1),
        ("Sources/Config/A.swift", "let a = try! b()", 1),
        ("Sources/Admin/A.swift", "print(1)", 1),
        ("Sources/Demo/A.swift", "print(1)", 0),
    ]

    @Test("a banned word is found in code, and only in the modules it is banned from", arguments: rows)
    func finds(path: String, code: String, count: Int) throws {
        let findings = try Bans.findings(in: SourceFile(path, code))
        #expect(findings.count == count, "\(report(findings))")
    }
}
