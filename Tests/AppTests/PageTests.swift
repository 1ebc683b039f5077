import Admin
import Foundation
import Testing

@testable import App

struct PageTests {
    static let rows: [(text: String, items: [Int]?, next: String?)] = [
        (#"{"events":[1,2],"next":17}"#, [1, 2], "17"), (#"{"generation":3,"tenants":[],"next":"a"}"#, [], "a"),
        (#"{"tokens":[5]}"#, [5], nil), (#"{"tokens":[5],"next":null}"#, [5], nil), (#"{"next":"a"}"#, nil, nil),
        (#"{"a":[],"b":[]}"#, nil, nil), ("[]", nil, nil), (#"{"events":[1],"next":[]}"#, nil, nil),
    ]
    @Test("a list under whatever name, and where it goes on", arguments: rows)
    func reads(text: String, items: [Int]?, next: String?) {
        let page = try? AdminJSON.decode(Page<Int>.self, from: Data(text.utf8))
        #expect(page?.items == items && page?.next == next)
    }
}
