import Foundation
import Testing

/// The fence around a tenant's data, against clients who try to get past it (routing.md, stage 1).
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ResidencyTests {
    static let regions = ["us-east", "eu-west", "ap-south"]
    /// Tenants, and the regions their data may touch.
    static let fences: [String: Set<String>] = [
        "amber": ["us-east"], "birch": ["eu-west"], "cedar": ["ap-south"], "delta": ["us-east", "eu-west"],
    ]
    static let count = 100_000

    /// What backends see that they must not: the request's number, the region, and what stood in its head.
    private final class Watch: @unchecked Sendable {
        private let lock = NSLock()
        private(set) var outside: [String] = []
        private(set) var seen = 0
        let requests: [Hostile]
        init(_ requests: [Hostile]) { self.requests = requests }

        func see(_ stream: BackendStream, _ region: String) {
            guard let number = stream.fields["x-id"].flatMap({ Int($0) }) else { return }
            let request = requests[number % requests.count]
            let names = stream.fields.all("x-tenant-id")
            let isRight = request.allowed.contains(region) && names == (request.tenant.map { [$0] } ?? [])
            lock.withLock {
                seen += 1
                if !isRight { outside.append("\(region): \(request) said \(names)") }
            }
        }
        var report: (seen: Int, outside: [String]) { lock.withLock { (seen, outside) } }
    }

    /// One way to ask, and where it may be seen: nowhere, where it names two tenants or went in a circle.
    struct Hostile {
        var isTrusted: Bool
        var fields: Fields
        var tenant: String?
        var allowed: Set<String>
    }

    static let all: [Hostile] = {
        var list: [Hostile] = []
        let names: [String?] = [nil, "amber", "birch", "cedar", "delta", "nobody", "Birch", ""]
        let hosts = [
            "localhost", "birch.tenants.test", "CEDAR.Tenants.test:80", "delta.tenants.test.", "x.amber.tenants.test",
            ".tenants.test",
        ]
        for isTrusted in [true, false] {
            for name in names {
                for host in hosts {
                    for wish in [nil, "us-east", "eu-west", "atlantis"] {
                        for via in [nil, "2.0 edge-1 (portolan)", "1.1 other, 2.0 edge-9 (portolan)"] {
                            list.append(hostile(isTrusted, name, host, wish, via))
                        }
                    }
                }
            }
        }
        return list
    }()

    private static func hostile(
        _ isTrusted: Bool, _ name: String?, _ host: String, _ wish: String?, _ via: String?
    ) -> Hostile {
        var fields: Fields = [":method": "GET", ":scheme": "http", ":authority": host, ":path": "/"]
        if let name { fields.append("x-tenant-id", name) }
        if let wish { fields.append("x-region", wish) }
        if let via { fields.append("via", via) }
        let labels = ["birch", "cedar", "delta", "amber"]
        let ofHost = labels.first { host.lowercased().contains("\($0).tenants.test") }
        let ofField = isTrusted ? name.flatMap { $0.isEmpty ? nil : $0 } : nil
        let isConflict = ofHost != nil && ofField != nil && ofHost != ofField
        let tenant = ofField ?? ofHost
        let fence = tenant.flatMap { fences[$0] } ?? Set(regions)
        let isRefused = isConflict || via?.contains("edge-1 ") == true
        return Hostile(isTrusted: isTrusted, fields: fields, tenant: tenant, allowed: isRefused ? [] : fence)
    }

    @Test func noRequestLeavesItsFence() throws {
        let watch = Watch(ResidencyTests.all)
        let backends = try ResidencyTests.regions.map { region in
            try ScriptedBackend { stream in
                watch.see(stream, region)
                stream.respond(200)
            }
        }
        defer { for backend in backends { backend.stop() } }
        let edge = try RunningEdge(ResidencyTests.configuration(backends))
        defer { edge.process.kill() }
        var statuses: [Int: Int] = [:]
        for start in stride(from: 0, to: ResidencyTests.count, by: 4_000) {
            for isTrusted in [true, false] {
                try ask(start..<start + 4_000, isTrusted, edge, &statuses)
            }
        }
        let report = watch.report
        #expect(report.outside.isEmpty, "\(report.outside.prefix(5))")
        #expect(statuses.values.reduce(0, +) == ResidencyTests.count)
        #expect(statuses[200] == report.seen && report.seen > ResidencyTests.count / 4, "\(statuses)")
        #expect(statuses[400, default: 0] > 1_000 && statuses[508, default: 0] > 1_000, "\(statuses)")
        #expect(try edge.admin("/metrics").body.contains("portolan_residency_violations_total 0"))
        print("hostile requests: \(statuses), seen by backends: \(report.seen), outside: \(report.outside.count)")
    }

    private static func configuration(_ backends: [ScriptedBackend]) -> EdgeConfiguration {
        var configuration = EdgeConfiguration()
        configuration.tenants = [
            "host: \"*.tenants.test\"",
            "pins: {amber: {home: us-east, residency: [us-east]}, birch: {home: eu-west, residency: [eu-west]}, "
                + "cedar: {home: ap-south, residency: [ap-south]}, "
                + "delta: {home: eu-west, residency: [us-east, eu-west]}}",
        ]
        return configuration.with(
            regions: zip(regions, backends).map { name, backend in
                EdgeConfiguration.Region(
                    name: name, cells: [.init(name: "\(name)-a", endpoints: [backend.address])], jurisdiction: name)
            })
    }

    /// The numbers of the range that are asked over the listener of that trust.
    private func ask(
        _ numbers: Range<Int>, _ isTrusted: Bool, _ edge: RunningEdge, _ statuses: inout [Int: Int]
    ) throws {
        let client = try FrameClient(edge, isTrusted ? .plain : .strangers)
        var open: [UInt32] = []
        for number in numbers {
            let request = ResidencyTests.all[number % ResidencyTests.all.count]
            guard request.isTrusted == isTrusted else { continue }
            open.append(client.open(request.fields + ["x-id": "\(number)"]))
            guard open.count >= 60 else { continue }
            statuses[try client.answer(to: open.removeFirst()).status, default: 0] += 1
        }
        for stream in open { statuses[try client.answer(to: stream).status, default: 0] += 1 }
    }

    @Test func aCertificateNamesTheTenant() throws {
        let folder = try TemporaryFolder()
        let authority = try TestCertificates.shared.get()
        let birch = try authority.issue("birch", ["DNS:birch"], in: folder)
        let backends = try ResidencyTests.regions.map { region in
            try ScriptedBackend { try $0.respond(200, body: "\(region) \($0.fields.all("x-tenant-id"))") }
        }
        defer { for backend in backends { backend.stop() } }
        var configuration = ResidencyTests.configuration(backends)
        configuration.tenants.append("certificate: common_name")
        configuration.clientAuthority = authority.authority
        let edge = try RunningEdge(configuration)
        defer { edge.process.kill() }
        let shown = ["--cert", birch.certificate, "--key", birch.key]
        #expect(try Curl.get(edge, "/", .secure, shown).body == "eu-west [\"birch\"]")
        let conflict = try Curl.get(edge, "/", .secure, shown + ["--header", "x-tenant-id: amber"])
        #expect(conflict.status == 400 && conflict.body.contains("tenant_conflict"))
        #expect(try Curl.get(edge, "/", .secure).body == "us-east []")
        try Patience.wait(for: "the event") { edge.process.errors.contains("MISROUTE") }
        try Patience.wait(for: "the log") { edge.folder.read("access.log").contains("\"tenant\":\"birch\"") }
    }
}
