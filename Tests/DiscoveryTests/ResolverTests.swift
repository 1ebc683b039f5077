import Discovery
import Model
import Testing

struct ResolverTests {
    static let one = IPAddress(v4: 0x0A00_0001)

    @Test func everyNameHasItsAnswer() async {
        let bad = LookupFailure(reason: "no such name", isFinal: true)
        let resolver = Resolver { name in
            name == "bad" ? .failure(bad) : .success(Answer([Self.one], lifeSeconds: UInt32(name.utf8.count)))
        }
        #expect(
            await resolver.lookUp(["a", "bb", "bad"]) == [
                "a": .success(Answer([Self.one], lifeSeconds: 1)), "bb": .success(Answer([Self.one], lifeSeconds: 2)),
                "bad": .failure(bad),
            ])
        #expect(await resolver.lookUp([]).isEmpty)
    }
}
