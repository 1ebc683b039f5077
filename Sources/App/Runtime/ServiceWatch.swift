import ControlPlane

/// Keeps the service manager informed while the edge runs: ready once the first probes are in, then a sign of life as
/// often as it wants one, but only while every worker and the control plane answer: one that hangs is restarted.
struct ServiceWatch: Sendable {
    /// Looks at an edge that nobody watches are this far apart.
    static let pause = Duration.seconds(5)
    /// After one that failed the next look follows soon.
    private static let secondLook = Duration.milliseconds(200)
    /// How often readiness is asked for.
    private static let readinessPause = Duration.milliseconds(50)

    let notifier: ServiceNotifier
    let readings: EdgeReadings

    /// Until the task is cancelled.
    func run() async {
        while await readings.readiness() != .ready {
            if (try? await Task.sleep(for: ServiceWatch.readinessPause)) == nil { return }
        }
        notifier.tell(.ready, .status(await words))
        // sd_watchdog_enabled(3) advises twice in the time that is given; with four there is room for one that fails.
        let usual = notifier.watchdogMicroseconds.map { Duration.microseconds(Int64($0 / 4)) } ?? ServiceWatch.pause
        var pause = usual
        while (try? await Task.sleep(for: pause)) != nil {
            let isAlive = await readings.isAlive()
            if isAlive { notifier.tell(.alive, .status(await words)) }
            pause = isAlive ? usual : min(usual, ServiceWatch.secondLook)
        }
    }

    private var words: String {
        get async {
            let cells = await readings.cells()
            let well = cells.cells.count { $0.health == "healthy" }
            return "generation \(cells.generation), \(well) of \(cells.cells.count) cells healthy"
        }
    }
}
