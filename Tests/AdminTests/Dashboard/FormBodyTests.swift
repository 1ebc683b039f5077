import Model
import Support
import Testing

@testable import Admin

struct FormBodyTests {
    static let rows: [(String, [String: String])] = [
        ("", [:]), ("a=b", ["a": "b"]), ("a=b&a=c", ["a": "b"]), ("a=b+c%20d%2B", ["a": "b c d+"]),
        ("a&=b&&c==", ["a": "", "": "b", "c": "="]), ("r=%C3%BC%E6%9D%B1", ["r": "ü東"]), ("a=%zz%4", ["a": "%zz%4"]),
    ]

    @Test("a form is read as browsers write it", arguments: rows)
    func reads(text: String, fields: [String: String]) throws {
        #expect(try FormBody(Array(text.utf8)).fields == fields)
    }

    @Test func trims() throws { #expect(try FormBody(Array("a=%20+x+y%0A".utf8))["a"] == "x y") }

    @Test func refusesWhatIsNoText() {
        #expect(throws: FormBody.Problem.unreadable) { try FormBody(Array("a=%FF".utf8)) }
    }

    @Test("no octets stop it")
    func property() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let alphabet = Array("%&=+aF0\u{FF}".utf8)
        for _ in 0..<2_000 {
            let bytes = (0..<random.next(below: 30)).map { _ in
                alphabet[Int(random.next(below: UInt32(alphabet.count)))]
            }
            _ = try? FormBody(bytes)
        }
    }
}
