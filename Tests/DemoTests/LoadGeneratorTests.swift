import Model
import TLS
import Testing

@testable import Demo

struct LoadGeneratorTests {
    @Test func theNextAddressIsTriedWhereNobodyListens() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology())
        regions.start()
        await regions.set(.killed, on: .endpoint("n1"))
        let report = try await LoadGenerator.run(folder.load(["n1", "n2"], count: 20))
        #expect(report.endpoints == ["n2": 20] && report.failed == 0)
        regions.stop()
    }

    @Test func goawayCostsNothing() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology(farMilliseconds: 20))
        regions.start()
        // f1 answers after 20 ms, so there is always something in flight when it leaves.
        let load = try LoadGenerator(folder.load(["f1", "n1"], count: nil, perSecond: 1_000))
        load.start()
        var total = LoadReport()
        func seen(_ isEnough: (LoadReport) -> Bool) async {
            while !isEnough(total) {
                total.merge(load.take())
                await Task.yield()
            }
        }
        await seen { $0.endpoints["f1", default: 0] >= 50 }
        await regions.set(.leaving, on: .endpoint("f1"))
        await seen { $0.endpoints["n1", default: 0] >= 50 }
        total.merge(await load.stop())
        #expect(total.failed == 0 && total.goaways > 0 && total.sent == total.answered, "\(total.failures)")
        regions.stop()
    }

    @Test func requestsAreDueAtEvenDistances() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology())
        regions.start()
        let clock = ContinuousClock()
        let began = clock.now
        #expect(try await LoadGenerator.run(folder.load(["n1"], count: 21, perSecond: 100)).answered == 21)
        #expect(clock.now - began >= .milliseconds(200))
        regions.stop()
    }

    @Test func aReportIsTakenOnce() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology())
        regions.start()
        let load = try LoadGenerator(folder.load(["n1"], count: nil))
        load.start()
        var total = LoadReport()
        while total.answered < 20 {
            total.merge(load.take())
            await Task.yield()
        }
        total.merge(await load.stop())
        #expect(total.sent == total.answered && total.failed == 0)
        #expect(load.take() == LoadReport())
        regions.stop()
    }

    @Test func authoritiesThatCannotBeReadAreTold() {
        let settings = LoadSettings(
            addresses: [.unix(path: "/nowhere")], tls: .init(authoritiesPath: "/nowhere.crt", serverName: "localhost"))
        #expect(throws: TLSError.self) { _ = try LoadGenerator(settings) }
    }
}
