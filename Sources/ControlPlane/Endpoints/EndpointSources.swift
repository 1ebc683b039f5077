import Discovery
import Model
import Policy

/// Where endpoints come from besides the configuration itself, and the configuration that follows: with the addresses
/// of its files put behind the cells' own, and an address list for each name.
struct EndpointSources: Sendable {
    /// As the file says it: what a reload is compared with.
    private(set) var loaded = Configuration()
    var names: NameTable
    var files = FileTable()

    /// - Parameter seed: of the jitter of names' lookups.
    init(seed: UInt64) { names = NameTable(seed: seed) }

    /// There is nothing to look at again.
    var isEmpty: Bool { files.paths.isEmpty && EndpointSources.names(in: loaded).isEmpty }

    /// What is to be routed by.
    var configuration: Configuration { EndpointSources.complete(loaded, files.addresses) }

    var resolved: [Address: [Address]] {
        let known = names.addresses
        var resolved: [Address: [Address]] = [:]
        for address in EndpointSources.addresses(of: configuration) {
            if case .name(let name, let port) = address { resolved[address] = known[name]?.map { .ip($0, port: port) } }
        }
        return resolved
    }

    /// From here on these. A name without an answer stands for what it last stood for; where it never stood for
    /// anything, nothing is adopted. What became of names that were here already.
    mutating func adopt(
        _ gathered: Gathered, now: LoopTime
    ) throws(ApplyError) -> [(name: String, change: SourceChange<IPAddress>)] {
        let known = names.addresses
        if let error = ResolutionError(gathered.answers.filter { known[$0.key] == nil }) {
            throw ApplyError(reasons: [error.description])
        }
        loaded = gathered.configuration
        files.adopt(gathered.files, now: now)
        return names.adopt(wantedNames, gathered.answers, now: now)
    }

    /// A file was looked at, and its names were looked up. With one that nobody knows, nor knew before, it is as
    /// good as broken: without the addresses that it had, and with those of no name, the cell would be empty.
    mutating func ended(
        _ reading: EndpointReading, _ answers: [String: Result<Answer, LookupFailure>], now: LoopTime
    ) -> SourceChange<Address> {
        guard var result = reading.result else {
            files.saw(reading.path, reading.stamp)
            return .unchanged
        }
        let (wanted, known) = (EndpointSources.names(in: (try? result.get()) ?? []), names.addresses)
        if let error = ResolutionError(answers.filter { wanted.contains($0.key) && known[$0.key] == nil }) {
            result = .failure(LookupFailure(reason: error.description))
        }
        return files.ended(reading.path, reading.stamp, result, now: now)
    }

    /// When `endLingering` has something to give.
    var nextEnd: LoopTime { min(names.nextEnd, files.nextEnd) }

    /// Addresses that gave way to others go for good; by name or path, in the order of the alphabet.
    mutating func endLingering(now: LoopTime) -> [(subject: String, removed: [String])] {
        let ended = files.endLingering(now: now).mapValues { $0.map(\.description) }
        // A name that only those addresses had goes with them.
        if !ended.isEmpty { names.watch(wantedNames, now: now) }
        let over = ended.merging(names.endLingering(now: now).mapValues { $0.map(\.description) }) { $0 + $1 }
        return over.sorted { $0.key < $1.key }.map { (subject: $0.key, removed: $0.value) }
    }

    /// Every name that endpoints have, in the configuration or in a file.
    var wantedNames: Set<String> { EndpointSources.names(in: configuration) }

    static func names(in configuration: Configuration) -> Set<String> { names(in: addresses(of: configuration)) }

    static func names(in addresses: [Address]) -> Set<String> {
        Set(addresses.compactMap { if case .name(let name, _) = $0 { name } else { nil } })
    }

    private static func addresses(of configuration: Configuration) -> [Address] {
        configuration.regions.flatMap(\.allCells).flatMap(\.endpoints)
    }

    static func complete(_ configuration: Configuration, _ files: [String: [Address]]) -> Configuration {
        var configuration = configuration
        for region in configuration.regions.indices {
            for cell in configuration.regions[region].cells.indices {
                guard let path = configuration.regions[region].cells[cell].endpointsPath else { continue }
                let own = Set(configuration.regions[region].cells[cell].endpoints)
                configuration.regions[region].cells[cell].endpoints += (files[path] ?? []).filter { !own.contains($0) }
            }
        }
        return configuration
    }

    /// A configuration with all that it refers to, as it is at the moment.
    struct Gathered: Sendable {
        var configuration: Configuration
        var files: [String: FileTable.Content] = [:]
        var answers: [String: Result<Answer, LookupFailure>] = [:]
    }

    /// Reads every file, whole or not at all, and looks up every name.
    static func gather(
        _ configuration: Configuration, _ resolver: Resolver
    ) async throws(ApplyError) -> Gathered {
        var gathered = Gathered(configuration: configuration)
        let paths = Set(configuration.regions.flatMap(\.cells).compactMap(\.endpointsPath))
        var reasons: [String] = []
        for reading in await EndpointReading.all(of: paths.sorted()) {
            switch reading.result {
            case .success(let addresses)?:
                gathered.files[reading.path] = .init(stamp: reading.stamp, addresses: addresses)
            case .failure(let failure)?: reasons.append(failure.reason)
            case nil: preconditionFailure("\(reading.path) was not read")
            }
        }
        if !reasons.isEmpty { throw ApplyError(reasons: reasons) }
        let names = names(in: complete(configuration, gathered.files.mapValues(\.addresses)))
        gathered.answers = await resolver.lookUp(names)
        return gathered
    }
}
