import Foundation

/// Hosts with distances between them: one namespace for the edge and one for each region, joined by links of
/// `tun_link.py`. A region's host is `10.77.N.1`, the edge's end of its link `10.77.N.2`, N counting from 1.
///
///     edge ──80 ms── eu        cut(eu): its packets are dropped at both ends
///       └────1 ms─── us
final class Network {
    struct Distance {
        var region: String
        /// One way, in milliseconds.
        var delay: Double
        var jitter = 0.0
    }

    private let distances: [Distance]
    private let prefix: String
    private let folder: TemporaryFolder
    private var link: ChildProcess?
    private static let counter = Counter()

    /// The name of the edge's namespace.
    let edge: String

    init(_ distances: [Distance]) throws {
        self.distances = distances
        prefix = "ptl\(getpid())-\(Network.counter.next())"
        edge = prefix + "-edge"
        folder = try TemporaryFolder()
        for name in [edge] + distances.map({ namespace($0.region) }) {
            try Command.succeed("ip", ["netns", "add", name])
            try Command.succeed("ip", ["-n", name, "link", "set", "lo", "up"])
        }
        let pairs = distances.map { distance in
            let ends = "\(edge):\(distance.region),\(namespace(distance.region)):edge"
            return "\(ends),\(distance.delay),\(distance.jitter)"
        }
        let script = Programs.scripts + "/tun_link.py"
        let link = try ChildProcess("python3", [script] + pairs, name: "link", in: folder)
        self.link = link
        try Patience.wait(for: "the links") {
            if let status = link.exitStatus { throw HarnessError("tun_link.py ended with \(status): \(link.errors)") }
            return link.output.contains("ready")
        }
        for (index, distance) in distances.enumerated() {
            try raise(edge, device: distance.region, "10.77.\(index + 1).2/30")
            try raise(namespace(distance.region), device: "edge", "10.77.\(index + 1).1/30")
        }
    }

    deinit {
        link?.kill()
        for name in [edge] + distances.map({ namespace($0.region) }) {
            _ = try? Command.run("ip", ["netns", "delete", name])
        }
    }

    private func raise(_ namespace: String, device: String, _ address: String) throws {
        try Command.succeed("ip", ["-n", namespace, "address", "add", address, "dev", device])
        try Command.succeed("ip", ["-n", namespace, "link", "set", device, "up"])
    }

    func namespace(_ region: String) -> String { "\(prefix)-\(region)" }

    func address(_ region: String) -> String {
        let index = distances.firstIndex { $0.region == region } ?? -1
        return "10.77.\(index + 1).1"
    }

    // MARK: Faults

    /// What a cut takes away, seen from the edge.
    enum Direction: String, CaseIterable { case toRegion, fromRegion }

    /// Packets of the region's link are dropped, both ways or one, until `restore`.
    func cut(_ region: String, _ directions: [Direction] = Direction.allCases) throws {
        try drop(region, directions, "")
    }

    /// Loses that share of the packets, both ways.
    func lose(_ percent: Int, of region: String) throws {
        try drop(region, Direction.allCases, "numgen random mod 100 < \(percent) ")
    }

    private func drop(_ region: String, _ directions: [Direction], _ condition: String) throws {
        let name = namespace(region)
        try nft(name, "add table inet faults")
        // `toRegion` is what comes in there.
        for direction in directions {
            let (hook, device) = direction == .toRegion ? ("input", "iifname") : ("output", "oifname")
            try nft(name, "add chain inet faults \(hook) { type filter hook \(hook) priority 0 ; }")
            try nft(name, "add rule inet faults \(hook) \(device) \"edge\" \(condition)drop")
        }
    }

    func restore(_ region: String) throws { try nft(namespace(region), "delete table inet faults") }

    private func nft(_ namespace: String, _ command: String) throws {
        try Command.succeed("ip", ["netns", "exec", namespace, "nft", command])
    }

    /// Numbers for names, so that two networks of one process do not meet.
    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var last = 0
        func next() -> Int {
            lock.withLock {
                last += 1
                return last
            }
        }
    }
}
