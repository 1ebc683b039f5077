import Testing

@testable import App

struct ExplanationTextTests {
    private static let text = """
        goes to       us-east / use-a / 127.0.0.1:7101
        reason        local_region

        7 cell        + use-a: 50.00 %
                      - use-b: 50.00 %, another one's turn
                        and more of it

        """

    @Test("as it comes where it fits")
    func wide() {
        let lines = ExplanationText.lines(ExplanationTextTests.text)
        #expect(lines.joined(separator: "\n") + "\n" == ExplanationTextTests.text)
    }

    @Test("on a phone the columns stay")
    func narrow() {
        #expect(
            ExplanationText.lines(ExplanationTextTests.text, on: Screen(columns: 40, isColoured: false)) == [
                "goes to       us-east / use-a /", "                127.0.0.1:7101", "reason        local_region", "",
                "7 cell        + use-a: 50.00 %", "              - use-b: 50.00 %, another",
                "                one's turn", "                and more of it",
            ])
    }
}
