import Discovery
import Model
import Testing

struct ResolverTests {
    static let one = IPAddress(v4: 0x0A00_0001)

    @Test func everyNameHasItsAnswer() async throws {
        let resolver = Resolver { name in
            .success(Answer([Self.one], lifeSeconds: UInt32(name.utf8.count)))
        }
        #expect(
            try await resolver.resolve(["a", "bb"]) == [
                "a": Answer([Self.one], lifeSeconds: 1), "bb": Answer([Self.one], lifeSeconds: 2),
            ])
    }

    @Test func saysEveryNameThatFailed() async {
        let resolver = Resolver { name in
            switch name {
            case "good.example": .success(Answer([Self.one], lifeSeconds: 1))
            case "bad1.example": .success(Answer([], lifeSeconds: 1))
            default: .failure(.init(reason: "no such \(name)"))
            }
        }
        await #expect(
            throws: ResolutionError(failures: [
                .init(name: "bad1.example", reason: "no address"),
                .init(name: "bad2.example", reason: "no such bad2.example"),
            ])
        ) {
            try await resolver.resolve(["good.example", "bad2.example", "bad1.example"])
        }
    }

    @Test func resolvesNothingToNothing() async throws {
        let resolver = Resolver { _ in .failure(.init(reason: "not to be asked")) }
        #expect(try await resolver.resolve([]).isEmpty)
    }

    @Test func errorTellsWhatToDo() {
        let error = ResolutionError(failures: [.init(name: "a.example", reason: "no such name")])
        #expect(
            error.description == "cannot resolve a.example (no such name): "
                + "give an address, or a name that DNS or /etc/hosts knows")
    }
}
