import ArgumentParser
import Glibc
import UnixSignals

/// `portolan top`.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "A running edge, live: load, cells, drains, events.",
        discussion: """
            It only reads. q quits, the arrows (or j and k) select a cell. Into a pipe or a file, or with --once, it \
            prints one picture as text and ends.
            """)
    @Option(help: ArgumentHelp("Seconds between two looks, 0.2 to 60.", valueName: "SECONDS")) var interval = 1.0
    @Flag(help: "Print one picture as text.") var once = false
    @OptionGroup var options: AdminOptions

    private enum Moment: Sendable {
        case key(KeyParser.Key)
        case resized
        case told
        case read(TopReading)
        case failed(String)
    }

    func validate() throws {
        if !(0.2...60).contains(interval) { throw ValidationError("--interval takes 0.2 to 60 seconds") }
    }

    func run() async throws {
        try await options.reach { client in
            let start = ContinuousClock.now
            let first = try await TopReading(client, at: (ContinuousClock.now - start).milliseconds)
            if options.json {
                try Terminal.out(json: first)
            } else if once || !Terminal.isTerminal || isatty(STDIN_FILENO) == 0 {
                // Rates take two looks.
                try await Task.sleep(for: .seconds(min(interval, 1)))
                var state = TopState(first)
                state.take(try await TopReading(client, at: (ContinuousClock.now - start).milliseconds))
                options.print(TopView(state, on: .current).lines)
            } else {
                await watch(client, TopState(first), start)
            }
        }
    }

    private func watch(_ client: AdminClient, _ first: TopState, _ start: ContinuousClock.Instant) async {
        let (moments, teller) = AsyncStream<Moment>.makeStream()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigquit, .sigwinch)
        FullScreen.enter()
        defer { FullScreen.leave() }
        FullScreen.readKeys { teller.yield(.key($0)) }
        let listening = Task {
            for await signal in signals { teller.yield(signal == .sigwinch ? .resized : .told) }
        }
        let pause = Duration.milliseconds(Int64(interval * 1_000))
        let reading = Task {
            while true {
                try await Task.sleep(for: pause)
                do throws(CommandFailure) {
                    let now = (ContinuousClock.now - start).milliseconds
                    teller.yield(.read(try await TopReading(client, at: now)))
                } catch { teller.yield(.failed(error.message)) }
            }
        }
        defer {
            listening.cancel()
            reading.cancel()
        }
        var state = first
        TopCommand.draw(state)
        for await moment in moments {
            switch moment {
            case .key(.quit), .told: return
            case .key(.up): state.move(by: -1)
            case .key(.down): state.move(by: 1)
            case .resized: break
            case .read(let reading): state.take(reading)
            case .failed(let words): state.fail(words)
            }
            TopCommand.draw(state)
        }
    }

    private static func draw(_ state: TopState) {
        FullScreen.draw(TopView(state, on: .current, height: Terminal.size?.lines ?? 24).lines)
    }
}
