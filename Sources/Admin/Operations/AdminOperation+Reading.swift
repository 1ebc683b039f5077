import ControlPlane
import HTTPTypes

/// What is.
extension AdminOperation {
    private static let plain = "text/plain; charset=utf-8"

    static let probes = [
        AdminOperation(
            id: "isAlive", method: .get, path: "/healthz", summary: "Whether the process answers.",
            answers: [Answer(status: .ok, summary: "It does.", contents: [.text(plain)])],
            run: { _ in .text("ok\n") }),
        AdminOperation(
            id: "isReady", method: .get, path: "/readyz", summary: "Whether requests should come here.",
            answers: [Answer(status: .ok, summary: "They should.", contents: [.text(plain)])],
            run: { call in
                switch await call.service.readiness() {
                case .ready: return .text("ready\n")
                case .notReady(let reason):
                    throw AdminRefusal(.serviceUnavailable, "not_ready", reason, headers: [.retryAfter: "1"])
                }
            }),
        AdminOperation(
            id: "readMetrics", method: .get, path: "/metrics",
            summary: "Metrics for Prometheus; open to anybody with `admin.metrics: open`.", role: .viewer,
            answers: [Answer(status: .ok, summary: "The metrics.", contents: [.text(MetricsPage.contentType)])],
            run: { call in .text(MetricsPage(await call.service.metrics()).text, type: MetricsPage.contentType) },
            isShared: true),
    ]

    static let reading = [
        AdminOperation(
            id: "readStatus", method: .get, path: "/v1/status", summary: "How the edge is.", role: .viewer,
            answers: [.json(Status.Edge.self, "The edge.", hasGeneration: true)],
            run: { call in
                let status = await call.service.status()
                return try .json(status, generation: status.generation)
            }, isShared: true),
        AdminOperation(
            id: "listRegions", method: .get, path: "/v1/regions", summary: "The regions, in the file's order.",
            role: .viewer, query: Call.paging(limit: 1_000),
            answers: [.json(RegionList.self, "The regions.", hasGeneration: true)],
            run: { call in
                let list = await call.service.regions()
                let (items, next) = try call.part(of: list.regions, limit: 1_000, key: \.name)
                return try .json(
                    RegionList(generation: list.generation, regions: items, next: next), generation: list.generation)
            }, isShared: true),
        AdminOperation(
            id: "readRegion", method: .get, path: "/v1/regions/{region}", summary: "One region.", role: .viewer,
            answers: [.json(Status.Region.self, "The region.", hasGeneration: true)],
            run: { call in
                let list = await call.service.regions()
                let region = try call.find("region", in: list.regions, name: \.name)
                return try .json(region, generation: list.generation)
            }),
        AdminOperation(
            id: "listCells", method: .get, path: "/v1/cells", summary: "The cells, in the file's order.",
            role: .viewer, query: Call.paging(limit: 1_000),
            answers: [.json(CellList.self, "The cells.", hasGeneration: true)],
            run: { call in
                let list = await call.service.cells()
                let (items, next) = try call.part(of: list.cells, limit: 1_000, key: \.name)
                return try .json(
                    CellList(generation: list.generation, cells: items, next: next), generation: list.generation)
            }, isShared: true),
        AdminOperation(
            id: "readCell", method: .get, path: "/v1/cells/{cell}", summary: "One cell.", role: .viewer,
            answers: [.json(Status.Cell.self, "The cell.", hasGeneration: true)],
            run: { call in
                let list = await call.service.cells()
                let cell = try call.find("cell", in: list.cells, name: \.name)
                return try .json(cell, generation: list.generation)
            }),
        AdminOperation(
            id: "explain", method: .post, path: "/v1/explain",
            summary: "Where a request would go, stage by stage, and why not elsewhere. Nothing is sent.",
            role: .viewer,
            body: .json([
                Field("method", .text(1...32), isRequired: true, "Such as GET."),
                Field("path", .path, isRequired: true, "With its query."),
                Field("headers", .headers, "By name; `host` is the authority."),
            ]),
            answers: [.json(Status.Explanation.self, "The decision.")],
            run: { call in
                let asked = ExplainRequest(
                    method: call.body.text("method") ?? "", path: call.body.text("path") ?? "",
                    headers: call.body.headers("headers"))
                return try .json(await call.service.explain(asked))
            }),
        AdminOperation(
            id: "listDatasets", method: .get, path: "/v1/datasets", summary: "Which region owns which dataset.",
            role: .viewer, query: Call.paging(), answers: [.json(DatasetList.self, "The datasets.")],
            run: { call in
                let (items, next) = try call.part(of: await call.service.datasets(), key: \.name)
                return try .json(DatasetList(datasets: items, next: next))
            }),
    ]
}
