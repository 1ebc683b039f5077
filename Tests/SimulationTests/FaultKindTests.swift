import Testing

@testable import Simulation

struct FaultKindTests {
    @Test("a name is a kind's own", arguments: FaultKind.allCases)
    func names(kind: FaultKind) { #expect(FaultKind(name: kind.name) == kind) }

    @Test("an unknown name is no kind")
    func unknown() { #expect(FaultKind(name: "gremlins") == nil) }
}
