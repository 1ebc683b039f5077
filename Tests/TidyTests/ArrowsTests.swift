import Testing

struct ArrowsTests {
    static let rows: [(path: String, text: String, found: [String])] = [
        ("Sources/Policy/A.swift", "import Model\npublic import Model\nimport Synchronization", []),
        ("Sources/Policy/A.swift", "import Model\nimport Reactor", ["2: Policy must not import Reactor"]),
        ("Sources/Wire/A.swift", "import Foundation", ["1: Wire must not import Foundation"]),
        (
            "Sources/DataPlane/Pool/A.swift", "@preconcurrency import ControlPlane",
            ["1: DataPlane must not import ControlPlane"]
        ),
        (
            "Sources/ControlPlane/A.swift", "package import struct DataPlane.Edge",
            ["1: ControlPlane must not import DataPlane"]
        ),
        ("Sources/TLS/A.swift", "// import Foundation\nlet text = \"import Foundation\"", []),
        (
            "Sources/Policy/A.swift", "#if canImport(Darwin)\n  import Darwin\n#endif",
            ["2: Policy must not import Darwin"]
        ),
        ("Sources/Nowhere/A.swift", "", [" module Nowhere is not in the table of arrows"]),
    ]

    @Test("an import without an arrow is found, whatever stands before the word", arguments: rows)
    func finds(path: String, text: String, found: [String]) {
        let said = Arrows.findings(in: [SourceFile(path, text)]).map(\.description)
        #expect(said == found.map { "\(path):\($0)" })
    }

    static let manifest = """
        .target(name: "CLinux"),
        module("Model", settings: hot),
        module("Wire", ["Model", "Policy"], settings: hot),
        module(
            "Config",
            ["Model", product("Yams", "Yams"), product("GRDB", "grdb")]),
        .executableTarget(
            name: "EdgeBench", dependencies: [
                "DataPlane", "Admin",
            ], swiftSettings: common),
        """

    @Test("targets and dependencies are read from the manifest")
    func readsManifest() {
        let targets = Arrows.targets(ofManifest: ArrowsTests.manifest)
        #expect(targets["Model"] == [] && targets["CLinux"] == [])
        #expect(targets["Wire"] == ["Model", "Policy"])
        #expect(targets["Config"] == ["Model", "Yams", "GRDB"])
        #expect(targets["EdgeBench"] == ["DataPlane", "Admin"])
    }

    @Test("a dependency without an arrow is found")
    func findsInManifest() {
        let said = Arrows.findings(inManifest: ArrowsTests.manifest).map(\.message)
        #expect(
            said == [
                "Config must not depend on GRDB", "EdgeBench must not depend on Admin",
                "Wire must not depend on Policy",
            ])
    }

    @Test("the arrows have no circle")
    func noCircle() {
        var known: Set<String> = []
        var left = Arrows.table
        while let next = left.first(where: { $0.value.modules.isSubset(of: known) }) {
            known.insert(next.key)
            left[next.key] = nil
        }
        #expect(left.isEmpty, "in a circle, or not in the table: \(left.keys.sorted())")
    }

    @Test("nothing that the data plane imports, however far, may import Foundation")
    func noFoundationBelow() {
        var reached: Set<String> = ["DataPlane"]
        for _ in Arrows.table { for name in reached { reached.formUnion(Arrows.table[name]?.modules ?? []) } }
        #expect(reached.count > 8)
        for name in reached { #expect(Arrows.table[name]?.others.isEmpty == true, "\(name)") }
        #expect(reached.subtracting(["CLinux", "CNghttp2", "COpenSSL"]) == Bans.hot)
    }

    @Test("a document's table is read by its rows")
    func readsDocument() {
        let text = "| module | knows | imports |\n|---|---|---|\n| `A`, `B` | a `thing` | C, D |\n| `C` | x | nothing |"
        let rows = Arrows.rows(ofDocument: text)
        #expect(rows["A"] == ["C", "D"] && rows["B"] == ["C", "D"])
        #expect(rows["C"] == [])
    }
}
