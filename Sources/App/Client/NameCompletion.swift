import ArgumentParser
import ControlPlane
import Foundation
import Synchronization

/// Names that a shell offers: those that the edge knows at that moment, none when it does not answer at once.
enum NameCompletion {
    enum Kind: Sendable { case cells, regions, drains }

    static let cells = CompletionKind.custom { words, _, _ in names([.cells], words) }
    static let regions = CompletionKind.custom { words, _, _ in names([.regions], words) }
    static let targets = CompletionKind.custom { words, _, _ in names([.cells, .regions], words) }
    static let draining = CompletionKind.custom { words, _, _ in names([.drains], words) }

    /// - Parameter words: the command line as far as it is written.
    private static func names(_ kinds: [Kind], _ words: [String]) -> [String] {
        guard let options = try? AdminOptions.parse(place(words)),
            let access = try? AdminAccess(options, environment: ProcessInfo.processInfo.environment)
        else { return [] }
        let found = Mutex([String]())
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let names = await read(kinds, access)
            found.withLock { $0 = names }
            done.signal()
        }
        _ = done.wait(timeout: .now() + 2)
        return found.withLock { $0 }
    }

    private static func read(_ kinds: [Kind], _ access: AdminAccess) async -> [String] {
        guard let transport = try? HTTPTransport(access, connectSeconds: 1) else { return [] }
        let client = AdminClient(location: access.location, transport: transport)
        var names: [String] = []
        for kind in kinds {
            switch kind {
            case .cells: names += (try? await client.all(Status.Cell.self, "/v1/cells"))?.map(\.name) ?? []
            case .regions: names += (try? await client.all(Status.Region.self, "/v1/regions"))?.map(\.name) ?? []
            case .drains:
                let drains = try? await client.all(Status.Drain.self, "/v1/drains")
                names += drains?.filter { $0.state != "ended" }.map(\.target) ?? []
            }
        }
        await transport.close()
        return names
    }

    /// Of a command line, what says where the admin API is.
    static func place(_ words: [String]) -> [String] {
        let known: Set<String> = ["--admin", "--token-file", "--cacert", "--cert", "--key"]
        var (place, index) = ([String](), 0)
        while index < words.count {
            if known.contains(words[index]), index + 1 < words.count, !words[index + 1].isEmpty {
                place += words[index...index + 1]
                index += 1
            } else if known.contains(where: { words[index].hasPrefix($0 + "=") }) {
                place.append(words[index])
            }
            index += 1
        }
        return place
    }
}
