import Testing

/// Which region serves, and what an answer says about it (routing.md, stage 3).
@Suite(.serialized, .timeLimit(.minutes(1)))
struct RegionTests {
    static let regions = ["us-east", "eu-west", "ap-south"]
    static let force = EdgeConfiguration(routes: [
        "{name: pinned, match: {path_prefix: /pinned}, on_x_region: force}"
    ])

    @Test func aTrustedClientChoosesTheRegion() throws {
        try Stage.open(regions: RegionTests.regions) { stage in
            for region in RegionTests.regions {
                let answer = try Curl.get(stage.edge, "/", .secure, ["--header", "x-region: \(region)"])
                #expect(answer.status == 200 && answer.body == region)
                #expect(answer.fields["x-portolan-region"] == region)
                #expect(answer.fields["x-portolan-cell"] == "\(region)-a")
                #expect(answer.fields["x-portolan-reason"] == "x_region")
            }
            #expect(stage.backends.allSatisfy { $0.requests.count == 1 && $0.requests[0].has("x-region") })
        }
    }

    @Test func withoutAWishTheLocalRegionServes() throws {
        try Stage.open(regions: RegionTests.regions) { stage in
            let answer = try Curl.get(stage.edge, "/")
            #expect(answer.body == "us-east" && answer.fields["x-portolan-region"] == "us-east")
        }
    }

    @Test func aStrangersWishIsRemoved() throws {
        try Stage.open(regions: RegionTests.regions) { stage in
            let head = FrameClient.get("/", ["x-region": "eu-west"])
            let answer = try FrameClient(stage.edge, .strangers).exchange(head)
            #expect(answer.text == "us-east")
            #expect(stage.backend.requests.first?.has("x-region") == false)
        }
    }

    @Test func anUnknownRegionIsAsIfAbsentUnlessForced() throws {
        try Stage.open(RegionTests.force, regions: RegionTests.regions) { stage in
            let client = try FrameClient(stage.edge)
            #expect(try client.exchange(FrameClient.get("/", ["x-region": "atlantis"])).text == "us-east")
            let forced = try client.exchange(FrameClient.get("/pinned/x", ["x-region": "atlantis"]))
            #expect(forced.status == 400 && forced.text.contains("x_region_unknown"))
            #expect(forced.fields?["x-portolan-reason"] == "x_region_unknown")
        }
    }

    @Test func withoutAFitRegionOfThatNameTheLocalOneServesUnlessForced() throws {
        try Stage.open(RegionTests.force, regions: RegionTests.regions) { stage in
            stage.backends[1].stop()
            let client = try FrameClient(stage.edge)
            let head = FrameClient.get("/", ["x-region": "eu-west"])
            try Patience.wait(for: "the fallback") {
                try client.exchange(head).fields?["x-portolan-reason"] == "region_fallback"
            }
            let answer = try client.exchange(head)
            #expect(answer.text == "us-east" && answer.fields?["x-portolan-region"] == "us-east")
            let pinned = FrameClient.get("/pinned/x", ["x-region": "eu-west"])
            // Until health knows, the refusal is the endpoint's.
            try Patience.wait(for: "health") { try client.exchange(pinned).status == 503 }
            let forced = try client.exchange(pinned)
            #expect(forced.text.contains("x_region_unavailable") && forced.fields?.has("retry-after") == true)
            _ = try client.exchange(head)
            try Patience.wait(for: "the event") { stage.edge.process.errors.contains("REGION_FALLBACK") }
        }
    }

    @Test func cellsShareByTheirWeights() throws {
        let backends = try ["a", "b"].map { name in try ScriptedBackend { try $0.respond(200, body: name) } }
        defer { for backend in backends { backend.stop() } }
        let cells = zip(["use-a", "use-b"], zip(backends, [80, 20])).map { name, part in
            EdgeConfiguration.Cell(name: name, endpoints: [part.0.address], settings: ["weight: \(part.1)"])
        }
        let edge = try RunningEdge(EdgeConfiguration().with(regions: [.init(name: "us-east", cells: cells)]))
        let client = try FrameClient(edge)
        for _ in 0..<100 { _ = try client.exchange(FrameClient.get("/")) }
        #expect(backends.map { $0.requests.count } == [80, 20])
    }

    @Test func routesMatchByHostPathMethodAndField() throws {
        let routes = [
            "{name: ships, on_x_region: force, "
                + "match: {host: \"*.ships.portolan.test\", path_prefix: /v2, methods: [GET]}}",
            "{name: flagged, match: {headers: {x-flag: \"on\"}}, on_x_region: force}",
        ]
        try Stage.open(EdgeConfiguration(routes: routes), regions: ["us-east", "eu-west"]) { stage in
            let client = try FrameClient(stage.edge)
            func expect(
                _ status: Int, _ method: String, _ host: String, _ path: String, _ more: Fields = [:]
            ) throws {
                let head: Fields = [
                    ":method": method, ":scheme": "http", ":authority": host, ":path": path, "x-region": "nowhere",
                ]
                let answer = try client.exchange(head + more)
                #expect(answer.status == status, "\(method) \(host) \(path)")
            }
            // Only the routes that force a region refuse one that nobody knows.
            try expect(400, "GET", "a.ships.portolan.test", "/v2/list")
            try expect(400, "GET", "A.SHIPS.portolan.test:8443", "/v2")
            try expect(200, "POST", "a.ships.portolan.test", "/v2/list")
            try expect(200, "GET", "a.ships.portolan.test", "/v1/list")
            try expect(200, "GET", "ships.portolan.test", "/v2/list")
            try expect(400, "GET", "localhost", "/", ["x-flag": "on"])
            try expect(200, "GET", "localhost", "/", ["x-flag": "off"])
        }
    }
}
