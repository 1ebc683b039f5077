import Foundation

/// Words that must not stand in a module's code, and why.
enum Bans {
    struct Ban {
        let pattern: String
        let modules: Set<String>
        let why: String
        /// Files where the word is right: they are off the request's path, or are the one place for it.
        var except: Set<String> = []
    }

    /// All that DataPlane imports, and itself.
    static let hot: Set<String> = ["Model", "Wire", "Reactor", "TLS", "HTTP2", "HTTP1", "Policy", "DataPlane"]
    static let pure: Set<String> = ["Model", "Wire", "HTTP2", "HTTP1", "Policy", "Simulation", "Config", "Discovery"]
    static let all = Set(Arrows.table.keys)

    static let list: [Ban] = [
        Ban(pattern: #"\bDate\("#, modules: hot.union(pure), why: "wall time is passed in"),
        Ban(pattern: #"\b(Date|\w*Clock(\(\))?)\.now\b"#, modules: hot.union(pure), why: "time is passed in"),
        Ban(
            pattern: #"\bclock_gettime\b"#, modules: hot.union(pure).subtracting(["Reactor"]),
            why: "the loop has the time", except: ["Sources/DataPlane/WallClock.swift"]),  // for the log's lines
        Ban(
            pattern: #"\.random\(|\bSystemRandomNumberGenerator\b|\brandomElement\("#, modules: hot.union(pure),
            why: "randomness is passed in, so that a run replays from its seed",
            // Keys must not replay, and an edge draws its workers' seeds.
            except: ["Sources/TLS/TicketKeys.swift", "Sources/DataPlane/Edge.swift"]),
        Ban(pattern: #"\bany [A-Z]"#, modules: hot, why: "an existential allocates and calls through a table"),
        Ban(
            pattern: #"\bString\("#, modules: ["Wire", "HTTP2", "HTTP1", "Policy", "DataPlane"],
            why: "header bytes stay bytes", except: offPath),
        Ban(
            pattern: #"\basync\b|\bawait\b"#, modules: hot.subtracting(["DataPlane"]),
            why: "the request path never suspends"),
        Ban(pattern: #"\btry!"#, modules: all, why: "an error is handled or thrown on"),
        Ban(
            pattern: #"\bprint\("#, modules: all.subtracting(["App", "Demo", "EdgeBench", "Simulate"]),
            why: "log, or return text"),
    ]

    /// `Type+Text.swift` makes text for people. The others are listed one by one, with the ban they are excepted from.
    static let offPath: Set<String> = []

    /// The control plane's part of Policy: it makes snapshots and never sees a request.
    static let controlFolder = "Sources/Policy/Steering/"

    static func isExcepted(_ file: SourceFile, from ban: Ban) -> Bool {
        let isOffPath = file.name.hasSuffix("+Text") || file.path.hasPrefix(controlFolder)
        return ban.except.contains(file.path) || (ban.pattern.contains("String") && isOffPath)
    }

    static func findings(in file: SourceFile) throws -> [Finding] {
        try list.flatMap { ban -> [Finding] in
            guard ban.modules.contains(file.module), !isExcepted(file, from: ban) else { return [] }
            let pattern = try Regex(ban.pattern)
            return file.codeLines.enumerated().compactMap { index, line in
                guard let match = line.firstMatch(of: pattern) else { return nil }
                let word = line[match.range].trimmingCharacters(in: .whitespaces)
                return Finding(path: file.path, line: index + 1, message: "“\(word)” in \(file.module): \(ban.why)")
            }
        }
    }
}
