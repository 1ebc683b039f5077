import Model
import Support
import Synchronization
import Testing

@testable import ControlPlane

struct PositionWatchTests {
    /// Sources that answer at once, or not until they are let.
    private final class Pages: Sendable {
        struct State {
            var begun: [String: Int] = [:]
            var underWay: [String: Int] = [:]
            var most = 0
            var told: [String] = []
            var judged = 0
            var isSlow: Set<String> = []
            var waiting: [CheckedContinuation<Void, Never>] = []
        }
        let state = Mutex(State())

        func read(_ source: Configuration.PositionSource) async -> Result<Position, PositionFailure> {
            let url = source.url
            let isSlow = state.withLock { state in
                state.begun[url, default: 0] += 1
                state.underWay[url, default: 0] += 1
                state.most = max(state.most, state.underWay[url] ?? 0)
                return state.isSlow.contains(url)
            }
            if isSlow {
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        state.withLock { $0.waiting.append(continuation) }
                    }
                } onCancel: {
                    letGo()
                }
            }
            state.withLock { $0.underWay[url, default: 0] -= 1 }
            return .failure(PositionFailure("refused"))
        }

        func letGo() {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        func count(_ url: String) -> Int { state.withLock { $0.begun[url] ?? 0 } }
        var judged: Int { state.withLock(\.judged) }
    }

    private static func dataset(_ name: String, _ urls: [String: String]) -> Configuration.Dataset {
        var dataset = Configuration.Dataset()
        (dataset.name, dataset.owner) = (name, "us")
        dataset.positions = urls.mapValues { .header(url: $0, name: "x") }
        return dataset
    }

    private static func watch(_ pages: Pages, _ clock: ManualClock) -> PositionWatch {
        PositionWatch(
            clock: clock.clock, read: { await pages.read($0) },
            report: { dataset, region, _, asked in
                pages.state.withLock { $0.told.append("\(dataset) \(region) \(asked.nanoseconds / 1_000_000)") }
            },
            judge: { pages.state.withLock { $0.judged += 1 } })
    }

    private static func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    /// Time passes, in steps that let everything be done that is due.
    private static func pass(_ clock: ManualClock, halfSeconds: Int) async {
        for _ in 0..<halfSeconds {
            for _ in 0..<200 { await Task.yield() }
            clock.advance(milliseconds: 500)
        }
        for _ in 0..<200 { await Task.yield() }
    }

    @Test("each is read once a second, a slow one holds no other up and is never asked twice at a time")
    func reads() async {
        let (pages, clock) = (Pages(), ManualClock())
        pages.state.withLock { $0.isSlow = ["slow"] }
        let watch = Self.watch(pages, clock)
        await watch.adopt([Self.dataset("orders", ["us": "a", "eu": "slow"]), Self.dataset("carts", ["us": "b"])])
        let run = Task { await watch.run() }
        await Self.pass(clock, halfSeconds: 20)
        await Self.until { pages.count("a") >= 10 && pages.count("b") >= 10 && pages.judged >= 10 }
        #expect(pages.count("a") <= 11 && pages.judged <= 11 && pages.count("slow") == 1)
        pages.letGo()
        await Self.until { pages.count("slow") == 2 }
        #expect(pages.state.withLock(\.most) == 1)
        #expect(pages.state.withLock { $0.told.contains("orders eu 0") && $0.told.contains("carts us 3000") })
        run.cancel()
        await run.value
    }

    @Test("a reload: sources come, go and change; a multi-writer dataset has none")
    func reloads() async {
        let (pages, clock) = (Pages(), ManualClock())
        let watch = Self.watch(pages, clock)
        await watch.adopt([Self.dataset("orders", ["us": "a", "eu": "b"])])
        let run = Task { await watch.run() }
        await Self.until { pages.count("a") == 1 && pages.count("b") == 1 }
        var multi = Self.dataset("logs", ["us": "never"])
        multi.owner = nil
        await watch.adopt([Self.dataset("orders", ["us": "a", "eu": "c", "ap": "d"]), multi])
        await Self.until { pages.count("c") == 1 && pages.count("d") == 1 }
        await Self.pass(clock, halfSeconds: 6)
        await Self.until { pages.count("a") >= 4 && pages.count("d") >= 4 }
        #expect(pages.count("b") == 1 && pages.count("never") == 0)
        await watch.adopt([])
        await Self.pass(clock, halfSeconds: 2)
        let last = pages.count("a")
        await Self.pass(clock, halfSeconds: 6)
        #expect(pages.count("a") == last)
        run.cancel()
        await run.value
        await watch.adopt([Self.dataset("orders", ["us": "e"])])
        #expect(pages.count("e") == 0, "it has ended")
    }
}

extension Configuration.PositionSource {
    fileprivate var url: String {
        switch self {
        case .prometheus(let url, _), .json(let url, _), .header(let url, _): url
        }
    }
}
