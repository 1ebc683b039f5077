import Model
import Support
import Testing

@testable import ControlPlane

struct GenerationLogTests {
    private func snapshot(_ generation: UInt64, cell: String = "a") -> Snapshot {
        SnapshotFixture(local: "us", [.region("us", [.cell(cell, 100, [.up, .down])])]).snapshot(generation: generation)
    }

    /// What stands before a line of that generation, by kind and number.
    private func announced(_ generation: UInt64, _ log: inout GenerationLog) -> [String] {
        var lines = LineBuffer()
        log.announce(generation, to: &lines)
        return lines.text.split(separator: "\n").map { line in
            let kind = ["layout", "pins"].first { line.hasPrefix("{\"\($0)\"") } ?? "snapshot"
            let number = line.firstMatch(of: kind == "snapshot" ? #/"generation":(\d+)/# : #/"number":(\d+)/#)
            return "\(kind) \(number?.1 ?? "?")"
        }
    }

    @Test("a generation is told of once a file, its layout when it is another than the one before")
    func tellsOnce() {
        var log = GenerationLog(seed: 5)
        for generation in 1...3 as ClosedRange<UInt64> { log.adopt(snapshot(generation)) }
        #expect(announced(2, &log) == ["layout 1", "snapshot 2"])
        #expect(announced(2, &log) == [] && announced(1, &log) == ["snapshot 1"] && announced(2, &log) == [])
        log.adopt(snapshot(4, cell: "b"))
        #expect(announced(4, &log) == ["layout 4", "snapshot 4"])
        // A request that was long under way.
        #expect(announced(3, &log) == ["layout 1", "snapshot 3"])
        log.beginFile()
        #expect(announced(4, &log) == ["layout 4", "snapshot 4"] && announced(9, &log) == [])
        #expect(log.run == "0005")
    }

    @Test("operators' pins are told before the first snapshot that has them, in each file anew")
    func pins() {
        var log = GenerationLog(seed: 5)
        var parts = SnapshotParts()
        for generation in 1...4 as ClosedRange<UInt64> {
            if generation > 1 { parts.operatorsSaid = [.init(tenant: "t", home: "h\(generation / 3)", residency: [])] }
            log.adopt(Snapshot(parts, generation: generation))
        }
        #expect(announced(1, &log) == ["layout 1", "snapshot 1"])
        #expect(announced(4, &log) == ["pins 2", "pins 3", "snapshot 4"])
        #expect(announced(2, &log) == ["snapshot 2"] && announced(3, &log) == ["snapshot 3"])
        log.beginFile()
        #expect(announced(2, &log) == ["layout 1", "pins 2", "snapshot 2"])
        #expect(announced(4, &log) == ["pins 3", "snapshot 4"])
    }

    @Test("the oldest generations give way")
    func isBounded() {
        var log = GenerationLog(seed: 5)
        for generation in 1...UInt64(GenerationLog.capacity + 10) { log.adopt(snapshot(generation)) }
        log.settle()
        #expect(log.known(10) == nil && log.known(11) != nil)
    }
}
