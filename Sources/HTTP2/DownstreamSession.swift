import CNghttp2
public import Model

/// The server side of a client's connection.
public final class DownstreamSession: Session {
    /// Frames and requests of one turn (limits.md, A12); nghttp2 cannot stop between frames, so their heads are read
    /// here before it sees them.
    private var scanner = FrameScanner(expectsPreface: true)

    public init(owner: SessionOwner, blocks: HeaderBlockPool, limits: Limits) {
        super.init(
            isServer: true, owner: owner, blocks: blocks, maxListBytes: limits.maxHeaderListBytes,
            maxFields: limits.maxHeaderFields)
        let settings = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
                value: UInt32(limits.maxConcurrentStreams)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue), value: 65_536),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
                value: UInt32(limits.maxHeaderListBytes)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES.rawValue), value: 1),
        ]
        nghttp2_submit_settings(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count)
        setWindow(of: 0, limits.clientBufferBytes)
    }

    /// Takes bytes from the client as far as the turn allows.
    /// - Returns: how many were taken, the rest is for a later turn; nil when the session cannot go on.
    public func receive(_ bytes: UnsafeRawBufferPointer, turn: inout TurnBudget) -> Int? {
        guard scanner.violation == nil else { return bytes.count }
        let count = scanner.advance(over: bytes, turn: &turn)
        for _ in 0..<scanner.takeOddities() { owner._withUnsafeGuaranteedRef { $0.glitched(.unknownFrame) } }
        if count > 0, !receive(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { return nil }
        guard let violation = scanner.violation else { return count }
        terminate(violation)
        return bytes.count
    }

    /// The client has begun a list of fields and not finished it (limits.md, C2).
    /// - Returns: its number on the connection; nil: none.
    public var openBlock: Int? { scanner.openBlock }

    // MARK: Answers

    /// Sends a response's head; with `isEnd` nothing follows, else its body is asked for by `bodyReady`. The session
    /// owns `block` from here on.
    public func respond(_ stream: StreamID, _ block: HeaderBlock, isEnd: Bool) {
        let result = nghttp2_submit_response(
            handle, stream, block.submission, block.count, isEnd ? nil : SessionCallbacks.bodySource.provider)
        if result == 0 { hold(block, for: stream) } else { blocks.give(back: block) }
    }

    /// Sends a 1xx head.
    public func inform(_ stream: StreamID, _ block: HeaderBlock) {
        let result = nghttp2_submit_headers(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, nil, block.submission, block.count, nil)
        if result == 0 { hold(block, for: stream) } else { blocks.give(back: block) }
    }

    // MARK: Going away (RFC 9113 §6.8)

    /// The first of two GOAWAYs: stop opening streams, what is on its way is still served. The PING follows, so that
    /// whoever acknowledges the one has seen the other (nghttp2 would send the PING first).
    public func warn(ping payload: UInt64) {
        pingAfterGoaway = payload
        nghttp2_submit_shutdown_notice(handle)
    }

    /// The second: streams above `lastStream` were not and will not be served.
    public func refuse(after lastStream: StreamID) {
        nghttp2_submit_goaway(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), lastStream, UInt32(NGHTTP2_NO_ERROR.rawValue), nil, 0)
    }

    /// The highest stream the owner was told of.
    public var lastStream: StreamID { nghttp2_session_get_last_proc_stream_id(handle) }
}
