import Testing

@testable import DataPlane

struct ConnectionTableTests {
    @Test("a token finds its connection, until it is removed; its slot's next token another")
    func findsByToken() throws {
        let fixture = try WorkerFixture()
        let connection = fixture.connection(fixture.connect())
        #expect(fixture.worker.connections.find(connection.token) === connection)
        #expect(fixture.worker.connections.all.count == 1)
        fixture.worker.connections.remove(connection.token)
        fixture.worker.connections.remove(connection.token)
        #expect(fixture.worker.connections.find(connection.token) == nil)
        let next = fixture.worker.connections.reserve()
        #expect(Token(next).index == Token(connection.token).index && next != connection.token)
        #expect(fixture.worker.connections.find(next) == nil, "nothing was put there yet")
        #expect(fixture.worker.connections.find(connection.token) == nil)
        let another = fixture.worker.connections.reserve()
        #expect(Token(another).index != Token(next).index)
    }
}
