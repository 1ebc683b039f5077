import ControlPlane
import Store
import Testing

struct EventStoredTests {
    @Test func numbersNeverComeTwiceThoughTheLastSecondWasLost() {
        var state = StoredState()
        #expect(state.lastEventTold == 0)
        state.lastEventNumber = 7
        #expect(state.lastEventTold == 7)
        state.webhookCursors = ["https://a.example": 9, "https://b.example": 3]
        #expect(state.lastEventTold == 9)
    }

    @Test func isShownAsItIsKept() {
        let stored = StoredEvent(
            number: 3, time: 951_868_800_000_001_000, generation: 9, kind: "OF_ANOTHER_VERSION", subject: "use-a",
            cause: "why")
        let shown = Status.Event(stored)
        #expect(shown.number == 3 && shown.generation == 9 && shown.event == "OF_ANOTHER_VERSION")
        #expect(shown.time == "2000-03-01T00:00:00.000001Z" && shown.subject == "use-a" && shown.cause == "why")
    }
}
