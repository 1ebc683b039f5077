import ArgumentParser
import Config
import ControlPlane
import Foundation
import Model
import ServiceLifecycle

/// `portolan serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the edge.",
        discussion: """
            SIGTERM and SIGINT stop gracefully (clients are told to go away, requests in flight finish, at most \
            `edge.grace`), a second one at once. SIGHUP reads the configuration again and applies it whole or not at \
            all. SIGUSR1 opens the access log anew.
            """)

    @Option(help: ArgumentHelp("The configuration file.", valueName: "FILE"), completion: .configurations)
    var config: String
    @Option(help: ArgumentHelp("Worker threads. Default: edge.workers, else one per core.", valueName: "N"))
    var workers: Int?

    func validate() throws {
        if let workers, !(1...1_024).contains(workers) { throw ValidationError("--workers takes 1 to 1024") }
    }

    func run() async throws {
        let loader = ConfigurationLoader.ofThisProcess()
        let configuration: Configuration
        do { configuration = try loader.loadTelling(config) { $0 } } catch {
            throw CommandFailure(.refused, "nothing was started: mend \(config) and try `portolan check \(config)`")
        }
        let logger = EdgeRuntime.makeLogger()
        // Before anything is told to be ready: a signal that comes now waits.
        let signals = await ProcessSignals()
        var options = EdgeRuntime.Options()
        (options.workerCount, options.configurationFile) = (workers, config)
        (options.logger, options.loader) = (logger, loader)
        let runtime = try await EdgeRuntime.start(configuration, options)
        var group = ServiceGroupConfiguration(services: [runtime], logger: EdgeRuntime.quiet(logger))
        group.maximumGracefulShutdownDuration = nil
        let services = ServiceGroup(configuration: group)
        let notifier = ServiceNotifier(environment: ProcessInfo.processInfo.environment)
        let watching = notifier.map { notifier in
            Task { await ServiceWatch(notifier: notifier, readings: runtime.readings).run() }
        }
        let listening = Task {
            await signals.listen(
                reload: {
                    notifier?.tell(.reloading(at: ControlClock.system.now().nanoseconds / 1_000))
                    await runtime.reloadOnSignal()
                    if await runtime.readings.readiness() == .ready { notifier?.tell(.ready) }
                }, reopen: { runtime.reopenLog() },
                stop: {
                    notifier?.tell(.stopping)
                    await services.triggerGracefulShutdown()
                })
        }
        try await services.run()
        listening.cancel()
        watching?.cancel()
    }
}
