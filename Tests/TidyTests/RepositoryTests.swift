import Testing

/// The rules on this checkout: what fails here is a mistake in the repository.
struct RepositoryTests {
    let here = Repository.here

    @Test("the checkout was found and read")
    func readsTheCheckout() {
        #expect(here.text("Package.swift").contains("name: \"portolan\""))
        #expect(here.sources.count > 20)
        #expect(here.sources.contains { $0.path == "Sources/Policy/Policy.swift" })
    }

    @Test("every import has an arrow in the table")
    func imports() {
        let findings = Arrows.findings(in: here.sources.filter { !$0.path.contains("/include/") })
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("the manifest has no arrow that the table has not, and no module without a row")
    func manifest() {
        let text = here.text("Package.swift")
        let findings = Arrows.findings(inManifest: text)
        #expect(findings.isEmpty, "\(report(findings))")
        let targets = Set(Arrows.targets(ofManifest: text).keys)
        #expect(targets.isSubset(of: Set(Arrows.table.keys)))
        #expect(targets.isSuperset(of: Set(here.sources.map(\.module))), "a module of Sources was not read")
    }

    @Test("an import is also declared in the manifest: SwiftPM does not insist")
    func importsAreDeclared() {
        let targets = Arrows.targets(ofManifest: here.text("Package.swift"))
        for file in here.sources {
            let undeclared = Arrows.imports(of: file).filter { line, module in
                Arrows.table[module] != nil && targets[file.module]?.contains(module) != true
            }
            #expect(undeclared.isEmpty, "\(file.path) imports \(undeclared.map(\.module)) without a dependency")
        }
    }

    @Test("docs/architecture.md shows the same table")
    func document() {
        let rows = Arrows.rows(ofDocument: here.text("docs/architecture.md"))
        for name in Arrows.targets(ofManifest: here.text("Package.swift")).keys.sorted() where !name.hasPrefix("C") {
            #expect(rows[name] == Arrows.table[name]?.modules, "the row of \(name)")
        }
        for name in ["Config", "ControlPlane"] {
            #expect(rows[name] == Arrows.table[name]?.modules, "the row of \(name)")
        }
    }

    @Test("files, functions and lines keep their sizes")
    func sizes() {
        let findings = here.swiftFiles.flatMap { Sizes.findings(in: $0) }
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("banned words stay out of the modules they are banned from")
    func bans() throws {
        let findings = try here.sources.flatMap { try Bans.findings(in: $0) }
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("every exception from a ban is still needed")
    func exceptions() {
        for path in Bans.list.flatMap(\.except) {
            #expect(here.sources.contains { $0.path == path }, "\(path) is gone: remove its exception")
        }
    }

    @Test("every module has its front page")
    func frontPages() {
        let findings = Layout.frontPages(of: here.sources.filter { $0.path.hasSuffix(".swift") })
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("every test file mirrors a source file")
    func mirrors() {
        for path in Layout.testsWithoutSource {
            #expect(here.tests.contains { $0.path == path }, "\(path) is gone: remove its exception")
        }
        let findings = Layout.mirrors(of: here.tests, sources: here.sources)
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("no type is named like its module")
    func names() {
        let findings = Layout.typesNamedLikeModules(in: here.sources)
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("no source file is dead")
    func deadFiles() {
        let findings = Layout.deadFiles(in: here.sources)
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("no open promise, no path of a machine, no unknown host")
    func hygiene() throws {
        let findings = try here.texts.flatMap { try Hygiene.findings(path: $0.path, text: $0.text) }
        #expect(findings.isEmpty, "\(report(findings))")
    }

    @Test("links between documents lead somewhere")
    func deadLinks() {
        let known = Set(here.texts.map(\.path)).union(here.pictures)
        let pages = here.texts.filter { $0.path.hasSuffix(".md") }
        #expect(pages.count > 5)
        let findings = pages.flatMap { Hygiene.deadLinks(path: $0.path, text: $0.text, known: known) }
        #expect(findings.isEmpty, "\(report(findings))")
    }
}
