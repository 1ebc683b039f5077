import Model
import Testing

@testable import DataPlane

struct FallbackMemoryTests {
    @Test("the first of its route and region in a second is told, the others are not")
    func tellsTheFirst() {
        var memory = FallbackMemory()
        func ask(_ route: UInt16, _ region: UInt16, _ milliseconds: UInt64) -> Bool {
            memory.isFirst(
                RouteID(rawValue: route), RegionID(rawValue: region),
                now: LoopTime.zero.advanced(milliseconds: milliseconds))
        }
        #expect(
            [ask(0, 0, 0), ask(0, 0, 1), ask(0, 1, 1), ask(1, 0, 1), ask(1, 0, 999)] == [
                true, false, true, true, false,
            ])
        #expect([ask(0, 0, 1_000), ask(0, 0, 1_999), ask(0, 0, 5_000)] == [true, false, true])
    }
}
