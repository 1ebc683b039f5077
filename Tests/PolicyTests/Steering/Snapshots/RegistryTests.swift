import Model
import Policy
import Support
import Testing

struct RegistryTests {
    static let first = Topology.edge(
        in: "us",
        Topology.region("us", Topology.cell("a", 50, "10.0.0.1:1", "10.0.0.2:1"), Topology.cell("b", 50, "c.test:1")),
        Topology.region("eu", Topology.cell("a", 100, "10.0.0.1:1")))

    static let resolved: [Address: [Address]] = [.name("c.test", port: 1): [at(3), at(4)]]

    static func at(_ last: UInt32) -> Address { .ip(IPAddress(v4: 0x0A00_0000 + last), port: 1) }

    @Test("ids follow the file's order; the same name elsewhere is something else")
    func firstConfiguration() throws {
        var registry = Registry()
        try registry.admit(RegistryTests.first, resolved: RegistryTests.resolved)
        let (us, eu) = (RegionID(rawValue: 0), RegionID(rawValue: 1))
        #expect(registry.region("us") == us && registry.region("eu") == eu && registry.region("ap") == nil)
        #expect(registry.cell("a", in: us) == CellID(rawValue: 0) && registry.cell("b", in: us) == CellID(rawValue: 1))
        #expect(registry.cell("a", in: eu) == CellID(rawValue: 2) && registry.cell("b", in: eu) == nil)
        let address = Address.ip(IPAddress(v4: 0x0A00_0001), port: 1)
        #expect(registry.endpoint(address, in: CellID(rawValue: 0)) == EndpointID(rawValue: 0))
        #expect(registry.endpoint(RegistryTests.at(4), in: CellID(rawValue: 1)) == EndpointID(rawValue: 3))
        #expect(registry.endpoint(address, in: CellID(rawValue: 2)) == EndpointID(rawValue: 4))
        #expect(registry.endpoint(address, in: CellID(rawValue: 1)) == nil)
    }

    @Test("what stays keeps its id, what goes keeps it for its return, what is new gets a new one")
    func reloads() throws {
        var registry = Registry()
        try registry.admit(RegistryTests.first, resolved: RegistryTests.resolved)
        let before = registry
        let second = Topology.edge(in: "ap", Topology.region("ap", Topology.cell("z", 100, "10.0.0.9:1")))
        try registry.admit(second)
        #expect(registry.region("ap") == RegionID(rawValue: 2) && registry.cellCount == 4)
        #expect(registry.cell("z", in: RegionID(rawValue: 2)) == CellID(rawValue: 3))
        let middle = registry
        try registry.admit(RegistryTests.first, resolved: RegistryTests.resolved)
        #expect(registry == middle && registry != before)
        #expect(registry.region("us") == RegionID(rawValue: 0) && registry.region("ap") == RegionID(rawValue: 2))
    }

    @Test("a configuration that needs more ids than there are is refused whole")
    func isFull() throws {
        var registry = Registry()
        for index in 0..<RegionSet.capacity - 1 {
            try registry.admit(Topology.edge(in: "", Topology.region("r\(index)")))
        }
        let before = registry
        let two = Topology.edge(
            in: "", Topology.region("x", Topology.cell("c", 100, "10.0.0.1:1")), Topology.region("y"))
        #expect(throws: RegistryError.tooManyRegions) { try registry.admit(two) }
        #expect(registry == before)
        #expect("\(RegistryError.tooManyRegions)".contains("restart"))
        try registry.admit(Topology.edge(in: "", Topology.region("x")))
        #expect(registry.region("x") == RegionID(rawValue: 63))
    }
}
