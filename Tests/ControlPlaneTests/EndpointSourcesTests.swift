import Model
import Support
import Testing

@testable import ControlPlane

struct EndpointSourcesTests {
    private static func addresses(_ range: Range<UInt32>) -> [Address] {
        range.map { .ip(IPAddress(v4: 0x0A00_0000 | $0), port: 80) }
    }

    /// As many as a cell may have: each against each would take minutes.
    @Test("a file's addresses come behind the cell's own, each once", .timeLimit(.minutes(1)))
    func completes() {
        var configuration = Configuration.small
        configuration.regions[0].cells[0].endpoints = EndpointSourcesTests.addresses(0..<40_000)
        configuration.regions[0].cells[0].endpointsPath = "a.txt"
        configuration.regions[0].cells[1].endpointsPath = "b.txt"
        let files = ["a.txt": EndpointSourcesTests.addresses(20_000..<60_000)]
        let complete = EndpointSources.complete(configuration, files)
        #expect(complete.regions[0].cells[0].endpoints == EndpointSourcesTests.addresses(0..<60_000))
        #expect(complete.regions[0].cells[1] == configuration.regions[0].cells[1])
        #expect(complete.regions[1] == configuration.regions[1])
    }
}
