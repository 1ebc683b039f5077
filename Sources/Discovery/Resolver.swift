import Dispatch

/// Looks names up, any number at once, without holding up whoever waits.
public struct Resolver: Sendable {
    /// What one lookup found. May block.
    public typealias Lookup = @Sendable (String) -> Result<Answer, LookupFailure>

    private let lookup: Lookup

    /// - Parameter lookup: in place of the system's, for tests.
    public init(lookup: @escaping Lookup) { self.lookup = lookup }

    public init(_ lookup: SystemLookup = SystemLookup()) { self.lookup = { lookup($0) } }

    /// Every name's answer or failure.
    public func lookUp(_ names: Set<String>) async -> [String: Result<Answer, LookupFailure>] {
        await withTaskGroup(of: (String, Result<Answer, LookupFailure>).self) { group in
            for name in names { group.addTask { (name, await lookUp(name)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    public func lookUp(_ name: String) async -> Result<Answer, LookupFailure> {
        await offload { lookup(name) }
    }
}

/// Runs what blocks on a thread that nobody waits for: name servers and network file systems take their time, and
/// Swift's own threads are few.
public func offload<Outcome: Sendable>(_ work: @escaping @Sendable () -> Outcome) async -> Outcome {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
}
