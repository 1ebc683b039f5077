import ArgumentParser
import ControlPlane

/// `portolan events`.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "What moved traffic on a running edge, and what moves it now.",
        discussion: """
            Without --since the latest events are shown. With --follow every new one is shown as it happens, over lost \
            connections and restarts of the edge, none twice and none left out; with --json as one object a line.
            """)
    @Flag(name: [.short, .long], help: "Go on with what happens, until Ctrl-C.") var follow = false
    @Option(help: ArgumentHelp("Only events after this number.", valueName: "N")) var since: UInt64?
    @Option(
        help: ArgumentHelp("Only of this cell, region or file.", valueName: "X"), completion: NameCompletion.targets)
    var subject: String?
    @Option(help: ArgumentHelp("At most so many of the past. Default: 20; with --since, all.", valueName: "N"))
    var limit: Int?
    @OptionGroup var options: AdminOptions

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit takes 0 or more") }
    }

    func run() async throws {
        try await options.reach { client in
            let history = EventHistory(client: client)
            let past: [Status.Event]
            // What happens between the two calls has a number after the one that is followed from.
            let from = try await since == nil ? history.newestNumber() : since ?? 0
            if let since {
                past = try await history.after(since, about: subject, limit: limit ?? .max)
            } else {
                past = limit == 0 ? [] : try await history.latest(limit ?? 20, about: subject)
            }
            try show(past)
            if follow { try await follow(client, after: past.map(\.number).max() ?? from) }
        }
    }

    private func show(_ events: [Status.Event]) throws {
        if !options.json {
            if !events.isEmpty || !follow { options.print(EventText.lines(events, on: .current)) }
        } else if follow {
            for event in events { try Terminal.out(json: event) }
        } else {
            try Terminal.out(json: ["events": events])
        }
    }

    private func follow(_ client: AdminClient, after number: UInt64) async throws {
        var follower = EventFollower(client: client, subject: subject, after: number)
        try await follower.follow { milliseconds in
            try await Task.sleep(for: .milliseconds(milliseconds))
        } say: { text in
            Terminal.err("portolan: \(text)")
        } hand: { json, event in
            if options.json { Terminal.out(json) } else { options.print(EventText.lines(event, on: .current)) }
        }
    }
}
