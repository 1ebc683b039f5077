import Model
import Testing

struct AttemptWhyTests {
    @Test(
        "names are the access log's",
        arguments: zip(AttemptWhy.allCases, ["first", "resend", "retry", "rescue", "hedge", "owner"]))
    func names(why: AttemptWhy, name: String) { #expect(why.name == name) }
}
