import Testing

@testable import Demo

struct DemoAnswerTests {
    static let place = DemoAnswer.Place(region: "eu-west", cell: "euw-a", endpoint: "euw-a-1")

    @Test(
        "what was asked comes back as JSON",
        arguments: [
            ("/healthz", nil, "ok\n"),
            (
                "/a", nil,
                #"{"region":"eu-west","cell":"euw-a","endpoint":"euw-a-1","method":"GET","path":"/a","x_region":null}"#
                    + "\n"
            ),
            (
                "/\"\\\u{1}é", "mars",
                #"{"region":"eu-west","cell":"euw-a","endpoint":"euw-a-1","method":"GET","path":"/\"\\\u0001é","#
                    + #""x_region":"mars"}"# + "\n"
            ),
        ] as [(String, String?, String)])
    func says(path: String, xRegion: String?, body: String) {
        let told = DemoAnswer.body(DemoAnswerTests.place, method: "GET", path: path, xRegion: xRegion)
        #expect(String(decoding: told, as: UTF8.self) == body)
    }
}
