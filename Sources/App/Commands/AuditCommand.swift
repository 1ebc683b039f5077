import Admin
import ArgumentParser
import ControlPlane
import Foundation
import Store

/// `portolan audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who changed what, when, from where and why.",
        subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The log, newest first.")
        @Option(help: ArgumentHelp("At most so many entries.", valueName: "N")) var limit = 20
        @Option(help: ArgumentHelp("Only entries before this number.", valueName: "N")) var before: UInt64?
        @OptionGroup var options: AdminOptions

        func validate() throws {
            if !(1...1_000).contains(limit) { throw ValidationError("--limit takes 1 to 1000") }
        }

        func run() async throws {
            let query: [(name: String, value: String?)] = [
                ("limit", "\(limit)"), ("before", before.map { "\($0)" }),
            ]
            try await options.show(AdminRequest.path("/v1/audit", query)) { (page: Page<Status.Audit>, screen) in
                AuditText.lines(page.items, on: screen)
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute the log's chain of hashes from its first entry.",
            discussion: """
                Exit code 0: every entry is as it was written, and none is missing before the last. That the last \
                ones were not cut off, nor all of it replaced, shows only a hash that was kept elsewhere: note \
                the head that \
                this prints, and give it with --head another time.
                """)
        @Option(help: ArgumentHelp("A hash that was the head once: it must be in the chain.", valueName: "HASH"))
        var head: String?
        @Option(
            help: ArgumentHelp(
                "Read the log in a state file, or a backup of one, instead of asking an edge.", valueName: "FILE"),
            completion: .file())
        var state: String?
        @OptionGroup var options: AdminOptions

        private struct Verdict: Encodable {
            var entries: UInt64
            var head: String
            /// Number of the entry whose hash was given; absent: none was.
            var headFound: UInt64?
        }

        func validate() throws {
            if let head, AuditCheck.bytes(head) == nil {
                throw ValidationError("--head takes a SHA-256: 64 hexadecimal digits")
            }
        }

        func run() async throws {
            if let state { return try tell(try await verify(file: state)) }
            try await options.reach { client in try tell(try await verify(client)) }
        }

        private func tell(_ result: (check: AuditCheck, found: UInt64?)) throws {
            let (check, found) = result
            let last = HexText.lowercase(check.head)
            if let head, found == nil {
                throw CommandFailure(
                    .refused,
                    "the chain of \(check.count) entries holds, but \(head.prefix(12))… is not in it: entries were "
                        + "cut off, or the log was replaced")
            }
            let verdict = Verdict(entries: check.count, head: last, headFound: found)
            if options.json { return try Terminal.out(json: verdict) }
            let known = found.map { ["the hash given is that of entry \($0)"] } ?? []
            options.print(["\(check.count) entries, every hash holds", "head \(last)"] + known)
        }

        /// A copy is read, so that an edge at work on the file is left alone.
        private func verify(file: String) async throws -> (check: AuditCheck, found: UInt64?) {
            let folder = FileManager.default.temporaryDirectory.appending(path: "portolan-audit-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            defer { try? FileManager.default.removeItem(at: folder) }
            let copy = folder.appending(path: "portolan.db").path
            do {
                try await SQLiteStore.backup(of: file, to: copy)
                let store = try await SQLiteStore.open(path: copy)
                let result = try await verify { count in
                    try await store.audit(after: count, limit: 1_000)
                } add: { check, entry in
                    try check.add(entry)
                }
                await store.close()
                return result
            } catch let error as AuditBreak {
                throw CommandFailure(.refused, "the audit log in \(file) does not hold: \(error)")
            } catch { throw CommandFailure(.refused, "\(error)") }
        }

        private func verify(_ client: AdminClient) async throws -> (check: AuditCheck, found: UInt64?) {
            do {
                return try await verify { count in
                    let path = AdminRequest.path("/v1/audit", [("after", "\(count)"), ("limit", "1000")])
                    return try await client.get(Page<Status.Audit>.self, path).items
                } add: { check, entry in
                    try check.add(entry)
                }
            } catch let error as AuditBreak {
                throw CommandFailure(.refused, "the audit log does not hold: \(error)")
            }
        }

        /// All entries, page after page; and the number of the one whose hash was given.
        /// - Parameter page: the entries after so many.
        private func verify<Entry>(
            _ page: (UInt64) async throws -> [Entry], add: (inout AuditCheck, Entry) throws -> Void
        ) async throws -> (check: AuditCheck, found: UInt64?) {
            let wanted = head.flatMap(AuditCheck.bytes)
            var (check, found) = (AuditCheck(), UInt64?.none)
            while true {
                let entries = try await page(check.count)
                if entries.isEmpty { return (check, found) }
                for entry in entries {
                    try add(&check, entry)
                    if check.head == wanted { found = check.count }
                }
            }
        }
    }
}
