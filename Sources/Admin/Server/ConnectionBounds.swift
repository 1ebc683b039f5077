import ControlPlane
import Hummingbird
import NIOCore
import Synchronization

/// What one connection may take: octets of a request, time without a request, and time from a request's first octet to
/// an octet of its answer. Over it, the connection is closed: whoever connects here is an operator's own program, and a
/// broken one. An answer that goes on for long lives as long as it writes, and is read.
///
/// First in the pipeline, so that it sees octets as they come, whole requests or not.
final class ConnectionBounds: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = NIOAny
    typealias OutboundOut = NIOAny

    /// Of a request, head and body, with what TLS adds: the longest body is a configuration's.
    static let maxOctets = AdminRoutes.maxConfigurationBytes + (256 << 10)
    /// Idle, and asking and answering together.
    static let patience = TimeAmount.seconds(60)

    private var octets = 0
    private var deadline: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) { restart(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // The time of a request begins with it, not with the answer before: a connection that idled may wait long.
        if octets == 0 { restart(context) }
        octets += unwrapInboundIn(data).readableBytes
        if octets > ConnectionBounds.maxOctets { return context.close(promise: nil) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let written = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess {
            let (bounds, context) = bound.value
            bounds.octets = 0
            bounds.restart(context)
        }
        context.write(data, promise: written)
    }

    private func restart(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        guard context.channel.isActive || deadline == nil else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: ConnectionBounds.patience) {
            context.close(promise: nil)
        }
    }

    /// Hummingbird adds handlers behind its own: this one puts the bounds in front of them.
    final class Installer: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = NIOAny
        private let sources: SourceConnections

        init(_ sources: SourceConnections) { self.sources = sources }

        func handlerAdded(context: ChannelHandlerContext) {
            let address = (context.channel.remoteAddress?.ipAddress).map(LoginLimit.key)
            guard sources.open(from: address) else { return context.close(promise: nil) }
            context.channel.closeFuture.whenComplete { [sources] _ in sources.close(from: address) }
            do {
                try context.pipeline.syncOperations.addHandler(ConnectionBounds(), position: .first)
            } catch { context.close(promise: nil) }
        }
    }
}

/// Open connections of each address, so that one cannot take them all; those of the socket are not counted.
final class SourceConnections: Sendable {
    static let most = 48
    private let counts = Mutex<[String: Int]>([:])

    /// False: it has too many.
    func open(from address: String?) -> Bool {
        guard let address else { return true }
        return counts.withLock { counts in
            guard counts[address, default: 0] < SourceConnections.most else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    func close(from address: String?) {
        guard let address else { return }
        counts.withLock { counts in
            let left = counts[address, default: 1] - 1
            counts[address] = left > 0 ? left : nil
        }
    }
}
