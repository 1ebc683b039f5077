import Model
import Testing

@testable import App

struct TotalsTests {
    @Test("sums over the workers, and tells what is open")
    func sums() {
        var (first, second) = (WorkerCounters(), WorkerCounters())
        (first.requests, second.requests) = (3, 4)
        (first.connectionsAccepted, second.connectionsAccepted, second.connectionsClosed) = (5, 2, 1)
        first.responses.4 = 9
        let totals = Totals.byName([first, second])
        #expect((totals["requests"], totals["connections_open"], totals["responses_5xx"]) == (7, 6, 9))
        #expect(totals["rescues"] == 0)
    }
}
