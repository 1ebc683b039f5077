// edge-bench — the data plane with one endpoint and a snapshot that never changes: bench/ counts its instructions.
//     edge-bench --listen ADDRESS --upstream ADDRESS [--certificate FILE --key FILE]
//     edge-bench --decisions (Decisions.swift)
import DataPlane
import Glibc
import Model

func argument(_ name: String) -> String? {
    let arguments = CommandLine.arguments
    guard let place = arguments.firstIndex(of: "--\(name)"), place + 1 < arguments.count else { return nil }
    return arguments[place + 1]
}

func say(_ descriptor: Int32, _ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}

func usage(_ problem: String) -> Never {
    say(2, "edge-bench: \(problem)\nusage: edge-bench --listen ADDR --upstream ADDR [--certificate F --key F]\n")
    exit(2)
}

func fixedSnapshot(upstream: Address) -> Snapshot {
    var parts = SnapshotParts()
    parts.localRegion = RegionID(rawValue: 0)
    parts.edgeName = "edge-bench"
    var region = RegionEntry()
    (region.isFit, region.isOpen, region.name) = (true, true, parts.intern("local"))
    region.cells = parts.list([CellID(rawValue: 0)])
    var cell = CellEntry()
    (cell.isFit, cell.region, cell.weightPercent) = (true, parts.localRegion, 100)
    cell.share = 10_000
    cell.name = parts.intern("local-a")
    cell.endpoints = parts.list([EndpointID(rawValue: 0)])
    cell.available = cell.endpoints
    var endpoint = EndpointEntry()
    (endpoint.health, endpoint.cell, endpoint.region) = (.up, CellID(rawValue: 0), parts.localRegion)
    var route = RouteEntry()
    route.name = parts.intern("default")
    (parts.regions, parts.cells, parts.endpoints, parts.routes) = ([region], [cell], [endpoint], [route])
    parts.order = [parts.localRegion]
    parts.upstreams = [UpstreamTarget(address: upstream, settings: Configuration.Upstream(), serverName: "localhost")]
    return Snapshot(parts, generation: 1)
}

if CommandLine.arguments.contains("--decisions") {
    DecisionBench.measure()
    exit(0)
}
guard let listen = argument("listen").flatMap({ Address($0) }) else { usage("--listen wants an address") }
guard let upstream = argument("upstream").flatMap({ Address($0) }) else { usage("--upstream wants an address") }
var configuration = Configuration()
var listener = Configuration.Listener()
(listener.name, listener.address) = ("bench", listen)
if let certificate = argument("certificate"), let key = argument("key") {
    listener.certificates = [Configuration.Certificate(certificatePath: certificate, keyPath: key)]
}
configuration.listeners = [listener]
do {
    let edge = try Edge(
        configuration: configuration, snapshot: fixedSnapshot(upstream: upstream), workerCount: 1,
        sessions: SessionTable(capacity: 1), sessionKeys: SessionKeys(generation: 1, current: Array(1...32)))
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    edge.start()
    say(1, "listening \(edge.boundAddresses[0])\n")
    // Somebody reads the records, as in the real thing: a full ring would only count what it drops.
    var pause = timespec(tv_sec: 0, tv_nsec: 20_000_000)
    while sigtimedwait(&signals, nil, &pause) < 0 {
        for ring in edge.rings { ring.drain { _ in } }
    }
    edge.stop(graceMilliseconds: 1_000)
    edge.join()
} catch {
    usage(error.description)
}
