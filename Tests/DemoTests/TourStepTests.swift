import Testing

@testable import Demo

struct TourStepTests {
    @Test func itSaysWhatWasExpectedAndSeen() {
        var step = TourStep("A cell is killed", expected: "no failed request")
        step.saw = ["10 answered, 0 failed", "and more"]
        #expect(step.holds)
        #expect(
            step.text(number: 3) == """
                3  A cell is killed
                   expected  no failed request
                   saw       10 answered, 0 failed
                             and more
                   holds
                """)
        step.check(true, "never said")
        step.check(false, "requests failed")
        #expect(!step.holds)
        #expect(step.text(number: 3).hasSuffix("and more\n   MISSED    requests failed"))
    }
}
