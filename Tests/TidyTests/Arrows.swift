import Foundation

/// Which module may import which: design as a table. docs/architecture.md shows the same rows to people.
enum Arrows {
    struct Row {
        /// Modules of this package.
        let modules: Set<String>
        /// What comes from packages and from the system, beyond `always`.
        let others: Set<String>

        init(_ modules: String, others: String = "") {
            self.modules = Set(modules.split(separator: " ").map(String.init))
            self.others = Set(others.split(separator: " ").map(String.init))
        }
    }

    /// The C library and atomics know nothing of anybody.
    static let always: Set<String> = ["Glibc", "Synchronization"]

    static let table: [String: Row] = [
        "Model": Row(""),
        "Wire": Row("Model"),
        "Reactor": Row("Model CLinux"),
        "TLS": Row("Wire Model COpenSSL"),
        "HTTP2": Row("Wire Model CNghttp2"),
        "HTTP1": Row("Wire Model"),
        "Policy": Row("Model"),
        "DataPlane": Row("Policy HTTP2 HTTP1 TLS Reactor Wire Model"),
        "Probes": Row("HTTP2 HTTP1 TLS Reactor Wire Model"),
        "Config": Row("Model", others: "Yams Foundation"),
        "Store": Row("Model", others: "GRDB Crypto Foundation Dispatch"),
        "Discovery": Row("Model CResolv", others: "Foundation Dispatch"),
        "ControlPlane": Row("Config Store Discovery Policy Model", others: "Crypto Logging Foundation"),
        "Admin": Row(
            "ControlPlane Store Policy Model",
            others: "Hummingbird HummingbirdCore HummingbirdTLS HTTPTypes NIOCore NIOPosix NIOSSL ServiceLifecycle "
                + "Crypto X509 Logging Foundation"),
        "Simulation": Row("Policy Model"),
        "Demo": Row("HTTP2 TLS Reactor Wire Model", others: "Foundation"),
        "App": Row(
            "Demo Simulation Admin ControlPlane Probes DataPlane Policy HTTP2 HTTP1 TLS Reactor Wire Config Store "
                + "Discovery Model",
            others: "ArgumentParser AsyncHTTPClient Logging NIOSSL ServiceLifecycle UnixSignals Foundation"),
        "EdgeBench": Row("DataPlane Policy Model"),
        "Simulate": Row("Simulation"),
        "CLinux": Row(""), "CNghttp2": Row(""), "COpenSSL": Row(""), "CResolv": Row(""),
    ]

    /// Names of the modules that a file imports, with their lines.
    static func imports(of file: SourceFile) -> [(line: Int, module: String)] {
        let words: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
        return file.codeLines.enumerated().compactMap { index, line in
            var parts = line.split(whereSeparator: { $0 == " " || $0 == ";" })[...]
            while let first = parts.first, first.hasPrefix("@") || words.contains(first) { parts.removeFirst() }
            guard parts.first == "import" else { return nil }
            parts.removeFirst()
            if let first = parts.first, kinds.contains(first) { parts.removeFirst() }
            guard let module = parts.first?.split(separator: ".").first else { return nil }
            return (index + 1, String(module))
        }
    }

    /// Imports under Sources that the table has no arrow for.
    static func findings(in files: [SourceFile]) -> [Finding] {
        files.flatMap { file -> [Finding] in
            guard let row = table[file.module] else {
                return [
                    Finding(path: file.path, line: 0, message: "module \(file.module) is not in the table of arrows")
                ]
            }
            return imports(of: file).compactMap { line, module in
                if row.modules.contains(module) || row.others.contains(module) || always.contains(module) { return nil }
                let message = "\(file.module) must not import \(module)"
                return Finding(path: file.path, line: line, message: message)
            }
        }
    }

    /// The package's own targets under Sources and what the manifest lets each import.
    static func targets(ofManifest text: String) -> [String: Set<String>] {
        let module = #/(?s)\bmodule\(\s*"(\w+)"(?:,\s*\[(.*?)\]\s*(?:,\s*settings[^)]*)?)?\s*(?:,\s*settings: \w+)?\)/#
        let executable = #/(?s)executableTarget\(\s*name: "(\w+)",\s*dependencies: \[(.*?)\]/#
        let found = text.matches(of: module).map { (String($0.1), $0.2.map(String.init) ?? "") }
        let more = text.matches(of: executable).map { (String($0.1), String($0.2)) }
        let plain = text.matches(of: #/\.target\(name: "(C\w+)"/#).map { (String($0.1), "") }
        return Dictionary(uniqueKeysWithValues: (found + more + plain).map { ($0, dependencies($1)) })
    }

    private static func dependencies(_ list: String) -> Set<String> {
        let products = list.matches(of: #/product\("(\w+)"/#).map { String($0.1) }
        let withoutProducts = list.replacing(#/product\([^)]*\)/#, with: "")
        return Set(products + withoutProducts.matches(of: #/"(\w+)"/#).map { String($0.1) })
    }

    static func findings(inManifest text: String) -> [Finding] {
        targets(ofManifest: text).sorted { $0.key < $1.key }.flatMap { name, dependencies -> [Finding] in
            let row = table[name] ?? Row("")
            return dependencies.subtracting(row.modules).subtracting(row.others).sorted().map {
                Finding(path: "Package.swift", line: 0, message: "\(name) must not depend on \($0)")
            }
        }
    }

    /// Rows of the table of modules in docs/architecture.md: the module(s) in the first column, imports in the last.
    static func rows(ofDocument text: String) -> [String: Set<String>] {
        var rows: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let columns = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard columns.count == 3 else { continue }
            let imports = columns[2].matches(of: #/\w+/#).map { String($0.0) }
            for name in columns[0].matches(of: #/`(\w+)`/#) {
                rows[String(name.1)] = Set(imports).subtracting(["nothing"])
            }
        }
        return rows
    }
}
