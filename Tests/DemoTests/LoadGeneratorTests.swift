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
