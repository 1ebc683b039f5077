import Testing

@testable import Admin

struct FiguresTests {
    @Test("numbers as people read them")
    func figures() {
        #expect(
            [0, 450, 1_234, 12_345, 204_000].map { Figures.time(microseconds: $0) }
                == ["not measured", "450 µs", "1.23 ms", "12.3 ms", "204 ms"])
        #expect([0, 0.25, 37, 99.999].map { Figures.percent($0) } == ["0 %", "0.25 %", "37 %", "100 %"])
        #expect(
            [0, 0.4, 12.4, 1_234_567].map { Figures.rate($0) }
                == ["0/s", "0.4/s", "12/s", "1\u{202F}234\u{202F}567/s"])
        #expect(
            [0, 61, 3_600, 356_412].map { Figures.duration(seconds: $0) } == [
                "0 s", "1 min 1 s", "1 h 0 min", "4 d 3 h",
            ])
        #expect(Figures.count(nil as Int?) == "not measured" && Figures.rate(.nan) == "not measured")
        #expect(Figures.instant("2026-01-02T03:04:05.006Z") == "2026-01-02 03:04:05")
    }
}
