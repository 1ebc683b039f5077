import Discovery
import Model
import Testing

struct ResolutionErrorTests {
    private static let good = Result<Answer, LookupFailure>.success(
        Answer([IPAddress(v4: 0x0A00_0001)], lifeSeconds: 1))

    @Test func saysEveryNameThatFailed() {
        let error = ResolutionError([
            "good.example": ResolutionErrorTests.good, "bad2.example": .failure(.init(reason: "no such name")),
            "bad1.example": .success(Answer([], lifeSeconds: 1)),
        ])
        #expect(
            error
                == ResolutionError(failures: [
                    .init(name: "bad1.example", reason: "no address"),
                    .init(name: "bad2.example", reason: "no such name"),
                ]))
        #expect(ResolutionError(["good.example": ResolutionErrorTests.good]) == nil)
    }

    @Test func errorTellsWhatToDo() {
        let error = ResolutionError(failures: [.init(name: "a.example", reason: "no such name")])
        #expect(
            error.description == "cannot resolve a.example (no such name): "
                + "give an address, or a name that DNS or /etc/hosts knows")
    }
}
