import ControlPlane
import Foundation

/// The edge and its regions, as far away as their round-trip times say: a picture of what the cards below tell in
/// words.
struct Schematic {
    let glimpse: Glimpse

    /// From here to here lie 0.1 ms to 1 s, each factor of ten as long as the others.
    private static let (near, far) = (14.0, 84.0)
    /// Where those stand that were not measured.
    private static let nowhere = 95.0
    private static let rowHeight = 46

    var html: HTML {
        let regions = glimpse.regions
        let height = regions.count * Schematic.rowHeight + 26
        let lines = regions.indices.map { line(regions[$0], row: $0, of: regions.count) }
        let marks = regions.indices.map { mark(regions[$0], row: $0) }
        let middle = y(row: 0, of: regions.count)
        return """
            <svg class="schematic" height="\(height)" role="img" aria-label="\(words)">
            \(ticks(height: height))\(lines)\(marks)
            <circle class="edge-dot" cx="5%" cy="\(middle)" r="9"/>\
            <text class="edge-name" x="5%" y="\(middle)" dy="-16" text-anchor="middle">edge</text>
            </svg>
            """
    }

    private var words: String {
        let parts = glimpse.regions.map { region in
            "\(region.name) \(Schematic.state(region).word), \(Figures.time(microseconds: region.rttMicroseconds))"
        }
        return "Regions by distance from the edge: " + parts.joined(separator: "; ")
    }

    static func state(_ region: Status.Region) -> (word: String, tone: Tone) {
        if !region.isFit { return ("unfit", .bad) }
        if !region.isOpen { return ("takes no new work", .warn) }
        return region.keptPercent < 100 ? ("open in part", .warn) : ("open", .good)
    }

    /// Percent of the width.
    static func x(microseconds: UInt64) -> Double {
        guard microseconds > 0 else { return nowhere }
        let decades = log10(Double(max(100, min(1_000_000, microseconds))) / 100)
        return near + (far - near) * decades / 4
    }

    private func y(row: Int) -> Int { row * Schematic.rowHeight + 32 }

    /// The edge stands halfway down.
    private func y(row: Int, of count: Int) -> Int { (y(row: 0) + y(row: max(0, count - 1))) / 2 }

    private func ticks(height: Int) -> [HTML] {
        [("0.1 ms", UInt64(100)), ("1 ms", 1_000), ("10 ms", 10_000), ("100 ms", 100_000), ("1 s", 1_000_000)].map {
            let x = Meter.number(Schematic.x(microseconds: $0.1))
            return """
                <line class="grid" x1="\(x)%" x2="\(x)%" y1="4" y2="\(height - 18)"/>\
                <text class="axis" x="\(x)%" y="\(height - 4)" text-anchor="middle">\($0.0)</text>
                """
        }
    }

    /// Of all requests, as far as anybody counts them.
    private func part(of region: Status.Region) -> Double {
        func sum(_ cells: [Status.Cell]) -> Double { cells.compactMap(\.requestsPerSecond).reduce(0, +) }
        let all = sum(glimpse.cells)
        return all > 0 ? sum(glimpse.cells(of: region.name)) / all : 0
    }

    private func line(_ region: Status.Region, row: Int, of count: Int) -> HTML {
        let x = Meter.number(Schematic.x(microseconds: region.rttMicroseconds))
        let tone = Schematic.state(region).tone
        let width = Meter.number(1.5 + 4.5 * part(of: region))
        let dashed: HTML = region.rttMicroseconds == 0 || !region.isOpen ? " dashed" : ""
        return """
            <line class="way \(tone.rawValue)\(dashed)" stroke-width="\(width)" x1="5%" y1="\(y(row: 0, of: count))" \
            x2="\(x)%" \
            y2="\(y(row: row))"/>
            """
    }

    private func mark(_ region: Status.Region, row: Int) -> HTML {
        let place = Schematic.x(microseconds: region.rttMicroseconds)
        let (x, y) = (Meter.number(place), y(row: row))
        let (word, tone) = Schematic.state(region)
        let state = tone == .good ? "" : "\(word), "
        let anchor: HTML = place > 60 ? "end" : place < 25 ? "start" : "middle"
        return """
            <svg x="\(x)%" y="\(y)" overflow="visible" aria-hidden="true"><circle class="hole" r="8"/>\
            <g class="stop \(tone.rawValue)" transform="translate(-6 -6)">\(tone.shape)</g></svg>\
            <text class="label" x="\(x)%" y="\(y)" dy="-12" text-anchor="\(anchor)">\(region.name) \
            <tspan class="soft">\(state)\(Figures.time(microseconds: region.rttMicroseconds))</tspan></text>
            """
    }
}
