import Testing

@testable import App

struct EventHistoryTests {
    private static func page(_ numbers: [Int]) -> ScriptedTransport.Step {
        let events = numbers.map {
            #"{"number":\#($0),"time":"t","generation":1,"event":"CELL_UP","subject":"use-a","cause":"c"}"#
        }
        return .answer(200, #"{"events":[\#(events.joined(separator: ","))],"next":\#(numbers.last ?? 0)}"#)
    }

    private static func status(newest: Int) -> ScriptedTransport.Step {
        let event = #"{"number":\#(newest),"time":"t","generation":1,"event":"X","subject":"s","cause":"c"}"#
        let text = #"""
            {"version":"1","edge":"e","region":"r","generation":1,"acknowledged_generations":[1],"uptime_seconds":1,
             "is_ready":true,"is_draining":false,"totals":{},"events":[\#(newest == 0 ? "" : event)]}
            """#
        return .answer(200, text)
    }

    @Test("pages follow one another until one is not full, or there is enough")
    func pages() async throws {
        let transport = ScriptedTransport([
            EventHistoryTests.page(Array(6...1_005)), EventHistoryTests.page([1_006, 1_007]),
        ])
        let events = try await EventHistory(client: transport.client).after(5, about: "use-a", limit: .max)
        #expect(events.map(\.number) == Array(6...1_007))
        #expect(
            transport.requests.map(\.path) == [
                "/v1/events?since=5&subject=use-a&limit=1000", "/v1/events?since=1005&subject=use-a&limit=1000",
            ])
        let other = ScriptedTransport([EventHistoryTests.page([6, 7])])
        #expect(try await EventHistory(client: other.client).after(5, about: nil, limit: 2).count == 2)
        #expect(other.requests.count == 1)
    }

    @Test("the latest come in one page, or, where there are more, by going through all")
    func latest() async throws {
        for (subject, query) in [(nil, "limit=10"), ("use-a", "subject=use-a&limit=10")] {
            let transport = ScriptedTransport([EventHistoryTests.page([81, 90])])
            let events = try await EventHistory(client: transport.client).latest(10, about: subject)
            #expect(events.map(\.number) == [81, 90])
            #expect(transport.requests.map(\.path) == ["/v1/events?\(query)"])
        }
        let many = ScriptedTransport([
            EventHistoryTests.page(Array(1...1_000)), EventHistoryTests.page([1_001, 1_005]),
        ])
        let events = try await EventHistory(client: many.client).latest(1_001, about: "use-a")
        #expect(events.map(\.number) == Array(2...1_001) + [1_005])
    }

    @Test("the newest number is the status's; 0 where nothing happened yet", arguments: [0, 90])
    func newest(number: Int) async throws {
        let transport = ScriptedTransport([EventHistoryTests.status(newest: number)])
        #expect(try await EventHistory(client: transport.client).newestNumber() == UInt64(number))
    }
}
