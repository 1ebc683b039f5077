import ArgumentParser
import Demo
import Synchronization

/// `portolan demo`.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Three embedded regions, an edge in front of them, and a tour of real requests.",
        discussion: """
            Each step of the tour says what it expected and what it saw. Afterwards the demo goes on serving, with \
            commands to try, until SIGINT or SIGTERM. It touches nothing but its ports and a temporary folder.
            """)

    @Flag(help: "End after the tour: exit code 0 when every step held, else 1.") var once = false
    @Option(help: ArgumentHelp("The edge's port; 0: any. Default: 8443, or any when that is in use.", valueName: "N"))
    var port: UInt16?
    @Option(help: ArgumentHelp("The admin API's. Default: 9443, or any when that is in use.", valueName: "N"))
    var adminPort: UInt16?
    @Option(
        help: ArgumentHelp(
            "Requests a second of the steps under load (200), and after the tour, when given.", valueName: "RPS"))
    var load: Double?

    func validate() throws {
        if let load, !(1...20_000).contains(load) { throw ValidationError("--load takes 1 to 20000") }
    }

    private enum Moment {
        case toured(allHeld: Bool)
        /// A signal says to end.
        case told
    }

    func run() async throws {
        let signals = await ProcessSignals()
        let world = try await DemoWorld.start(port: port, adminPort: adminPort)
        Terminal.out(world.introduction)
        let (moments, teller) = AsyncStream<Moment>.makeStream()
        let listening = Task { await signals.listen(reload: {}, reopen: {}, stop: { teller.yield(.told) }) }
        // Once told to stop, what the tour still sees of the closing edge is of no interest.
        let isSilent = Atomic(false)
        var settings = TourSettings(port: world.port, authoritiesPath: world.authoritiesPath)
        settings.program = CommandLine.arguments[0]
        if let load { settings.requestsPerSecond = load }
        let tour = Tour(settings: settings, regions: world.regions, events: world.events) { text in
            if !isSilent.load(ordering: .relaxed) { Terminal.out(text) }
        }
        Task { teller.yield(.toured(allHeld: await tour.run())) }
        var (allHeld, background): (Bool, LoadGenerator?) = (true, nil)
        for await moment in moments {
            guard case .toured(let held) = moment else { break }
            allHeld = held
            if once { break }
            background = try serve(settings, world)
        }
        isSilent.store(true, ordering: .relaxed)
        _ = await background?.stop()
        await world.stop()
        listening.cancel()
        if once, !allHeld { throw ExitCode(CommandFailure.Code.refused.rawValue) }
    }

    private func serve(_ settings: TourSettings, _ world: DemoWorld) throws -> LoadGenerator? {
        Terminal.out("\n" + settings.hints(adminPort: world.adminPort, token: world.token))
        guard let load else {
            Terminal.out("Serving until Ctrl-C.")
            return nil
        }
        let background = try LoadGenerator(settings.load(region: nil))
        background.start()
        Terminal.out("Serving until Ctrl-C, under \(Int(load)) requests a second.")
        return background
    }
}
