import Model
import Support
import Testing

@testable import ControlPlane

struct EventWindowTests {
    static func event(_ number: UInt64, subject: String = "") -> Event {
        Event(number: number, time: number, generation: 1, kind: .cellUp, subject: subject, cause: "")
    }

    /// Against a plain array: what is there is the newest without gaps, what the store lacks stays while there is room.
    /// Replay: PORTOLAN_SEED=<seed>.
    @Test func holdsTheNewestAndTheUnsaved() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<300 {
            let (capacity, unsaved) = (1 + Int(random.next(below: 8)), 8 + Int(random.next(below: 20)))
            let begin = UInt64(random.next(below: 50))
            var window = EventWindow(capacity: capacity, unsavedCapacity: unsaved, last: begin)
            let isKept = random.next(below: 3) > 0
            if isKept { window.keepUnsaved() }
            var (last, saved) = (begin, isKept ? begin : .max)
            var lost: UInt64 = 0
            for _ in 0..<120 {
                if random.next(below: 4) > 0 {
                    last += 1
                    window.append(Self.event(last))
                    if saved != .max, last - saved > unsaved {
                        lost += 1
                        saved += 1
                    }
                } else if saved != .max {
                    saved += UInt64(random.next(below: UInt32(last - saved) + 1))
                    window.saved(upTo: saved)
                }
                let note = Comment(rawValue: "seed \(random.seed), round \(round)")
                let numbers = window.after(0).map(\.number)
                try #require(window.last == last && window.lost == lost && window.saved == saved, note)
                try #require(numbers == Array(window.first..<last + 1), note)
                let atLeast = min(Int(last - begin), max(capacity, saved == .max ? 0 : Int(last - saved)))
                try #require((atLeast...unsaved).contains(numbers.count), note)
                let from = UInt64(random.next(below: UInt32(last) + 3))
                try #require(window.after(from).map(\.number) == numbers.filter { $0 > from }, note)
            }
        }
    }

    @Test(
        "takes over what ends at the last number without a gap, and does not save it again",
        arguments: [
            (past: [8, 9, 10], held: [8, 9, 10]), ([5, 6, 7, 8, 9, 10], [7, 8, 9, 10]), ([7, 9, 10], [9, 10]),
            ([8, 9], []), ([], []),
        ] as [(past: [UInt64], held: [UInt64])])
    func inherits(past: [UInt64], held: [UInt64]) {
        var window = EventWindow(capacity: 4, unsavedCapacity: 8, last: 10, past: past.map { Self.event($0) })
        window.keepUnsaved()
        #expect(window.after(0).map(\.number) == held && window.after(window.saved).isEmpty)
        window.append(Self.event(11))
        #expect(window.after(window.saved).map(\.number) == [11] && window.lost == 0)
    }

    @Test func whatWasThereBeforeAStoreIsUnsaved() {
        var window = EventWindow(capacity: 4, unsavedCapacity: 8, last: 10)
        for number in UInt64(11)...13 { window.append(Self.event(number)) }
        window.keepUnsaved()
        #expect(window.after(window.saved).map(\.number) == [11, 12, 13])
    }
}
