import NIOCore
import NIOEmbedded
import Testing

@testable import Admin

struct ConnectionBoundsTests {
    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(ConnectionBounds.Installer(SourceConnections()))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func octets(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 0x61, count: count) }

    @Test("a request over the limit closes the connection, one at it does not")
    func tooLong() throws {
        let channel = try channel()
        try channel.writeInbound(octets(ConnectionBounds.maxOctets))
        #expect(channel.isActive)
        try channel.writeInbound(octets(1))
        #expect(!channel.isActive)
    }

    @Test("an answer begins a new count and a new time")
    func answered() throws {
        let channel = try channel()
        for _ in 0..<3 {
            try channel.writeInbound(octets(ConnectionBounds.maxOctets))
            channel.embeddedEventLoop.advanceTime(by: ConnectionBounds.patience - .seconds(1))
            try channel.writeOutbound(octets(1))
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: ConnectionBounds.patience - .seconds(1))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("a connection that drips its request does not live for ever")
    func dripping() throws {
        let channel = try channel()
        for _ in 0..<6 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(9))
            try channel.writeInbound(octets(1))
        }
        // The time began with the first octet, after 9 s.
        channel.embeddedEventLoop.advanceTime(by: .seconds(14))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("one address has so many connections, and gets back those that it closes")
    func perAddress() {
        let sources = SourceConnections()
        for _ in 0..<SourceConnections.most { #expect(sources.open(from: "a")) }
        #expect(!sources.open(from: "a") && sources.open(from: "b") && sources.open(from: nil))
        sources.close(from: "a")
        sources.close(from: nil)
        #expect(sources.open(from: "a") && !sources.open(from: "a"))
    }
}
