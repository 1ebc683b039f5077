import Testing

@testable import App

struct TopStateTests {
    @Test("the arrows go along the cells of the screen and stay on it")
    func moves() {
        var state = TopState(TopViewTests.reading(at: 0))
        let names = state.cells.map(\.name)
        #expect(names == ["use-a", "use-b", "euw-a"] && state.selected == nil)
        state.move(by: 1)
        #expect(state.selected == "use-a")
        for name in ["use-b", "euw-a", "euw-a"] {
            state.move(by: 1)
            #expect(state.selected == name)
        }
        for name in ["use-b", "use-a", "use-a"] {
            state.move(by: -1)
            #expect(state.selected == name)
        }
        var other = TopState(TopViewTests.reading(at: 0))
        other.move(by: -1)
        #expect(other.selected == "euw-a")
    }

    @Test("a cell that is gone is not looked at; a failed look shows until the next that succeeds")
    func changes() {
        var state = TopState(TopViewTests.reading(at: 0))
        state.move(by: 1)
        state.fail("connection refused")
        #expect(state.fault == "connection refused" && state.rates == nil)
        var without = TopViewTests.reading(at: 1_000)
        without.cells.removeFirst()
        state.take(without)
        #expect(state.fault == nil && state.selected == nil && state.rates != nil)
        without.cells = []
        state.take(without)
        state.move(by: 1)
        #expect(state.selected == nil)
    }
}
