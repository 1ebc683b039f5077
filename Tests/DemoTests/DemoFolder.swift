import Glibc
import Model

@testable import Demo

/// A folder for Unix sockets, emptied and removed in the end.
final class DemoFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/portolan-demo-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) }
        precondition(made != nil, "no temporary folder")
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink("\(path)/\(name)")
            }
            closedir(folder)
        }
        rmdir(path)
    }

    /// One near region and one far, of a cell each, on sockets in this folder.
    func topology(farMilliseconds: UInt64 = 40) -> DemoTopology {
        func cell(_ name: String, _ endpoints: [String]) -> DemoTopology.Cell {
            DemoTopology.Cell(
                name: name,
                endpoints: endpoints.map { DemoTopology.Endpoint(name: $0, address: .unix(path: "\(path)/\($0)")) })
        }
        return DemoTopology(regions: [
            DemoTopology.Region(
                name: "near", jurisdiction: "us", distanceMilliseconds: 1, cells: [cell("near-a", ["n1", "n2"])]),
            DemoTopology.Region(
                name: "far", jurisdiction: "eu", distanceMilliseconds: farMilliseconds, cells: [cell("far-a", ["f1"])]),
        ])
    }

    func load(_ endpoints: [String], count: Int?, perSecond: Double = 500) -> LoadSettings {
        var load = LoadSettings(addresses: endpoints.map { .unix(path: "\(path)/\($0)") }, tls: nil)
        (load.requestCount, load.requestsPerSecond) = (count, perSecond)
        return load
    }
}
