import Testing

@testable import App

struct AdminRequestTests {
    @Test("a name is a name wherever it stands in a URL")
    func escapes() {
        #expect(AdminRequest.escaped("a/b?c d&é~.-_1") == "a%2Fb%3Fc%20d%26%C3%A9~.-_1")
        #expect(
            AdminRequest.path("/x", [("a", nil), ("b", "1&2")]) == "/x?b=1%262" && AdminRequest.path("/x", []) == "/x")
    }

    @Test("a key is 32 digits")
    func keys() {
        #expect(AdminRequest.key(1, .max) == "0000000000000001ffffffffffffffff")
    }
}
