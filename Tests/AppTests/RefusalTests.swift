import Foundation
import Testing

@testable import App

struct RefusalTests {
    static let rows: [(body: String, status: Int, words: String)] = [
        (
            #"{"status":409,"title":"Conflict","detail":"it is the last fit cell","reason":"last_fit_cell"}"#, 409,
            "refused by unix:/s, 409 last_fit_cell: it is the last fit cell"
        ),
        (
            #"{"detail":"no","code":"stale_generation"}"#, 412,
            "refused by unix:/s, 412 stale_generation: no; see `portolan status`, then repeat with --if-match and its "
                + "generation"
        ),
        (
            #"{"title":"Internal","reason":"internal","request_id":"ab12"}"#, 500,
            "refused by unix:/s, 500 internal: Internal (request ab12)"
        ),
        ("<html>", 502, "refused by unix:/s, 502: no reason given; is that an edge's admin API?"),
        (#"{"detail":"two\nlines\u001b[2J"}"#, 400, "refused by unix:/s, 400: two·lines·[2J"),
    ]
    @Test("one line: why, and what to do", arguments: rows)
    func words(body: String, status: Int, words: String) {
        let said = Refusal(Data(body.utf8)).words(status: status, location: .socket(path: "/s"))
        #expect(said == words)
    }
}
