import Model
import Testing

struct MethodTests {
    static let rows: [(Method, StaticString, isSafe: Bool)] = [
        (.get, "GET", true), (.head, "HEAD", true), (.post, "POST", false), (.put, "PUT", false),
        (.patch, "PATCH", false),
        (.delete, "DELETE", false), (.options, "OPTIONS", true), (.trace, "TRACE", true), (.connect, "CONNECT", false),
    ]

    @Test("is read, written and known to be safe or not", arguments: rows)
    func reads(method: Method, token: StaticString, isSafe: Bool) {
        #expect(Method(ByteView(token)) == method)
        #expect(method.text == token.description)
        #expect(method.isSafe == isSafe)
    }

    @Test("has a row for each method") func isComplete() {
        #expect(Self.rows.map(\.0) + [.other] == Method.allCases)
        #expect(Set(Method.allCases.map(\.bit)).count == Method.allCases.count)
        #expect(Method.allCases.map(\.bit).allSatisfy { $0.nonzeroBitCount == 1 })
    }

    @Test(
        "is another method, unsafe",
        arguments: [
            "", "get", "Get", "GE", "GETS", "PURGE", "PROPFIND", "OTHER", "GET ", "PAT", "DELET", "OPTIONZ", "M",
        ])
    func isOther(token: String) {
        let method = Array(token.utf8).withUnsafeBytes { Method(ByteView($0)) }
        #expect(method == .other)
        #expect(!method.isSafe)
        #expect(method.text == "OTHER")
    }
}
