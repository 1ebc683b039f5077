import Model
import Testing

@testable import Demo

/// Over Unix sockets in a folder of its own.
struct DemoRegionsTests {
    @Test func everyEndpointSaysWhoItIs() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology())
        regions.start()
        let near = try await LoadGenerator.run(folder.load(["n1"], count: 20))
        #expect(near.answered == 20 && near.failed == 0 && near.sent == 20)
        #expect(near.regions == ["near": 20] && near.cells == ["near-a": 20] && near.endpoints == ["n1": 20])
        regions.stop()
    }

    @Test func noAnswerComesSoonerThanItsDistance() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology(farMilliseconds: 60))
        regions.start()
        var load = folder.load(["f1"], count: 10)
        for path in ["/", "/healthz"] {
            load.path = path
            let far = try await LoadGenerator.run(load)
            #expect(far.answered == 10 && far.latency.percentile(1) >= 60_000)
        }
        regions.stop()
    }

    @Test func bodiesAreTaken() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology())
        regions.start()
        var load = folder.load(["n1"], count: 5)
        (load.method, load.bodyByteCount) = ("POST", 300_000)
        #expect(try await LoadGenerator.run(load).answered == 5)
        (load.method, load.bodyByteCount) = ("HEAD", 0)
        #expect(try await LoadGenerator.run(load).answered == 5)
        regions.stop()
    }

    @Test func theKilledRefuseAndTheRestoredAnswer() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology())
        regions.start()
        await regions.set(.killed, on: .cell("near-a"))
        var load = folder.load(["n1"], count: 3)
        load.timeoutMilliseconds = 100
        let dead = try await LoadGenerator.run(load)
        #expect(dead.answered == 0 && dead.failures == ["connection refused": 3])
        await regions.set(.none, on: .region("near"))
        #expect(try await LoadGenerator.run(folder.load(["n1"], count: 3)).answered == 3)
        regions.stop()
    }

    @Test func aKillResetsWhatWaits() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology(farMilliseconds: 60_000))
        regions.start()
        let load = try LoadGenerator(folder.load(["f1"], count: 4, perSecond: 10_000))
        load.start()
        var begun = 0
        while begun < 4 {
            begun += load.take().sent
            await Task.yield()
        }
        // A request that is answered before the kill tells that those before it have arrived.
        #expect(try await LoadGenerator.run(folder.load(["n1"], count: 50)).answered == 50)
        await regions.set(.killed, on: .endpoint("f1"))
        let report = await load.stop()
        #expect(report.failed == 4 && report.answered == 0, "\(report)")
        regions.stop()
    }

    @Test func theCutOffAnswerOnceTheLineIsBack() async throws {
        let folder = DemoFolder()
        let regions = try DemoRegions(folder.topology())
        regions.start()
        await regions.set(.swallowing, on: .endpoint("n1"))
        var late = folder.load(["n1"], count: 3)
        late.timeoutMilliseconds = 100
        #expect(try await LoadGenerator.run(late).failures == ["no answer in 100 ms": 3])
        let load = try LoadGenerator(folder.load(["n1"], count: 3))
        load.start()
        #expect(try await LoadGenerator.run(folder.load(["n2"], count: 20)).answered == 20)
        await regions.set(.none, on: .endpoint("n1"))
        #expect(await load.finish().answered == 3)
        regions.stop()
    }
}
