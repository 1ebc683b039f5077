import Dispatch

/// Runs what blocks on a thread that nobody waits for: name servers and network file systems take their time, and
/// Swift's own threads are few.
public func offload<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
}
