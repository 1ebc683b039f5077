import Discovery
import Model
import Testing

struct ResolverTests {
    static let one = IPAddress(v4: 0x0A00_0001)
    static let two = IPAddress(v4: 0x0A00_0002)
    static let six = IPAddress(high: 0xFD00 << 48, low: 1)

    static let rows: [([IPAddress], [IPAddress])] = [
        ([one], [one]),
        ([one, two, one], [one, two]),
        ([six, one], [one]),
        ([six, six], [six]),
    ]

    @Test("IPv4 where there is any, each address once, in the resolver's order", arguments: rows)
    func prefers(found: [IPAddress], expected: [IPAddress]) async throws {
        let resolver = Resolver { _ in .success(found) }
        #expect(try await resolver.resolve(["a.example"]) == ["a.example": expected])
    }

    @Test func saysEveryNameThatFailed() async {
        let resolver = Resolver { name in
            name.hasPrefix("good") ? .success([Self.one]) : .failure(.init(reason: "no such \(name)"))
        }
        await #expect(
            throws: ResolutionError(failures: [
                .init(name: "bad1.example", reason: "no such bad1.example"),
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
        let error = ResolutionError(failures: [.init(name: "a.example", reason: "Name or service not known")])
        #expect(
            error.description == "cannot resolve a.example (Name or service not known): "
                + "give an address, or a name that DNS or /etc/hosts knows")
    }

    /// The system's resolver reads an address as itself, without asking anybody.
    @Test(arguments: [("127.0.0.1", IPAddress.loopback), ("::1", IPAddress(high: 0, low: 1))])
    func systemLookupReadsAddresses(text: String, expected: IPAddress) {
        #expect(Resolver.systemLookup(text) == .success([expected]))
    }
}
