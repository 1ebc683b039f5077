import Hummingbird
import NIOCore

/// What one connection may take: octets of a request, and time from one answer to the end of the next. Over it, the
/// connection is closed: whoever connects here is an operator's own program, and a broken one.
///
/// First in the pipeline, so that it sees octets as they come, whole requests or not.
final class ConnectionBounds: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = NIOAny
    typealias OutboundOut = NIOAny

    /// Of a request, head and body; nothing here takes a body.
    static let maxOctets = 128 << 10
    /// Idle, asking and answering together.
    static let patience = TimeAmount.seconds(60)

    private var octets = 0
    private var deadline: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) { restart(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
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

        func handlerAdded(context: ChannelHandlerContext) {
            do {
                try context.pipeline.syncOperations.addHandler(ConnectionBounds(), position: .first)
            } catch { context.close(promise: nil) }
        }
    }
}
