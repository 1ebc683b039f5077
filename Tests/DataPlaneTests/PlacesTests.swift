import Glibc
import Model
import Reactor
import Testing

@testable import DataPlane

/// Over Unix sockets: what is bound, under which number, and what becomes of the files.
final class PlacesTests {
    private let folder: String

    init() throws {
        var template = Array("/tmp/portolan-places-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw EdgeError(listener: nil, "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["a", "b", "c"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    private func listeners(_ pairs: [(String, String)]) -> [Configuration.Listener] {
        pairs.map { name, file in
            var listener = Configuration.Listener()
            (listener.name, listener.address) = (name, .unix(path: "\(folder)/\(file)"))
            return listener
        }
    }

    private func change(
        _ places: inout Places, _ pairs: [(String, String)], workers: [Int] = [0]
    ) throws -> [Int: WorkerOrders] {
        defer { try? places.startListening() }
        return try places.change(
            to: listeners(pairs), pairs.map { _ in nil }, workers: workers)
    }

    private func exists(_ file: String) -> Bool { access("\(folder)/\(file)", F_OK) == 0 }

    @Test("a place is its address: names move over it, and numbers come back once they are free")
    func keepsPlaces() throws {
        var places = Places()
        let first = try change(&places, [("one", "a"), ("two", "b")], workers: [0, 1]).mapValues(\.opening.count)
        #expect(first == [0: 2, 1: 2] && places.names == ["one", "two"])
        // The two change names: nobody opens or closes anything.
        let swapped = try change(&places, [("two", "a"), ("one", "b")], workers: [0, 1])
        #expect(swapped.values.allSatisfy { $0.opening.isEmpty && $0.closing.isEmpty })
        #expect(places.names == ["two", "one"] && places.terms.map(\.place.number) == [0, 1])
        // One goes, another comes while somebody still has a connection of the first.
        var connected: ListenerTerms? = places.terms[0]
        _ = try change(&places, [("one", "b"), ("three", "c")])
        #expect(!exists("a") && exists("b") && exists("c"))
        #expect(places.names == ["two", "one", "three"] && places.terms.map(\.place.number) == [1, 2])
        #expect(connected?.name == "two")
        connected = nil
        _ = try change(&places, [("three", "c")])
        let last = try change(&places, [("three", "c"), ("four", "a")])
        #expect(places.terms.map(\.place.number) == [2, 0] && last[0]?.opening.count == 1)
        #expect(places.names == ["four", "one", "three"])
        places.close()
        #expect(!exists("a") && !exists("b") && !exists("c"))
    }

    @Test("a change that fails leaves nothing behind")
    func failsWhole() throws {
        var places = Places()
        _ = try change(&places, [("one", "a")])
        var attempt = places
        let error = #expect(throws: EdgeError.self) {
            try change(&attempt, [("one", "a"), ("two", "b"), ("three", "nowhere/c")], workers: [0, 1])
        }
        #expect(error?.listener == "three")
        #expect(error?.description.hasSuffix("the folder of the path does not exist: make it") == true)
        attempt = places
        #expect(exists("a") && !exists("b"))
        #expect(places.names == ["one"] && places.addresses.count == 1)
    }

    @Test("a Unix socket's workers share it: who comes gets a copy, who goes leaves the file")
    func shares() throws {
        var places = Places()
        _ = try change(&places, [("one", "a")], workers: [0, 1])
        let more = try change(&places, [("one", "a")], workers: [0, 1, 2])
        #expect(more.mapValues(\.opening.count) == [0: 0, 1: 0, 2: 1])
        let fewer = try change(&places, [("one", "a")], workers: [0])
        #expect(fewer.mapValues(\.opening.count) == [0: 0] && fewer[0]?.closing == [])
        #expect(exists("a"))
    }
}
