import ControlPlane
import Model
import Testing

struct LatencyHistogramsTests {
    static let rows: [(UInt32, Int)] = [
        (0, 0), (500, 0), (501, 1), (1_000, 1), (10_000_000, 13), (10_000_001, 14), (.max, 14),
    ]

    @Test("a duration falls in the first bucket that holds it", arguments: rows)
    func fills(microseconds: UInt32, bucket: Int) {
        var histograms = LatencyHistograms()
        histograms.add(key(1), microseconds: microseconds)
        #expect(histograms.series[0].buckets.firstIndex(of: 1) == bucket)
        #expect(histograms.series[0].sumMicroseconds == UInt64(microseconds))
    }

    @Test func boundsItsSeries() {
        var histograms = LatencyHistograms()
        for round in 0..<2 {
            for index in 0..<LatencyHistograms.maxSeries + 100 {
                histograms.add(key(UInt16(index)), microseconds: UInt32(round))
            }
        }
        #expect(histograms.series.count == LatencyHistograms.maxSeries + 1)
        #expect(histograms.series.last?.count == 200)
        #expect(histograms.keys.last == .init(route: .none, region: .none, cell: .none))
    }

    private func key(_ route: UInt16) -> LatencyHistograms.Key {
        .init(route: RouteID(rawValue: route), region: RegionID(rawValue: 0), cell: CellID(rawValue: 0))
    }
}
