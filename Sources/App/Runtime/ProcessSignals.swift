import Glibc
import UnixSignals

/// The signals of `portolan serve`.
struct ProcessSignals {
    private let sequence: UnixSignalsSequence

    /// From here on these signals wait to be listened for, instead of ending the process.
    init() async { sequence = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr1) }

    /// Until its task is cancelled. The second signal to stop ends the process at once, with the shell's exit code for
    /// it.
    func listen(
        reload: @escaping @Sendable () async -> Void, reopen: @Sendable () -> Void,
        stop: @Sendable () async -> Void
    ) async {
        var isStopping = false
        for await signal in sequence {
            switch signal {
            case .sighup:
                // Not awaited: while names are resolved a signal to stop must be heard.
                Task { await reload() }
            case .sigusr1: reopen()
            default:
                if isStopping { _exit(128 + signal.rawValue) }
                isStopping = true
                await stop()
            }
        }
    }
}
