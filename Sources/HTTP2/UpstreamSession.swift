import CNghttp2
public import Model

/// The client side of a connection to an endpoint.
public final class UpstreamSession: Session {
    public init(owner: SessionOwner, blocks: HeaderBlockPool, limits: Limits) {
        super.init(
            isServer: false, owner: owner, blocks: blocks, maxListBytes: limits.maxHeaderListBytes * 4,
            maxFields: limits.maxHeaderFields * 4)
        let settings = [
            nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue), value: 0),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue),
                value: UInt32(limits.upstreamStreamWindowBytes)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES.rawValue), value: 1),
        ]
        nghttp2_submit_settings(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count)
        setWindow(of: 0, limits.upstreamConnectionWindowBytes)
    }

    /// Sends a request's head; with `isEnd` nothing follows, else its body is asked for by `bodyReady`. The session
    /// owns `block` from here on.
    /// - Returns: the new stream; nil when the connection cannot open another (its numbers are used up).
    public func request(_ block: HeaderBlock, tag: StreamTag, isEnd: Bool) -> StreamID? {
        let stream = nghttp2_submit_request(
            handle, nil, block.submission, block.count, isEnd ? nil : SessionCallbacks.bodySource.provider,
            UnsafeMutableRawPointer(bitPattern: tag))
        guard stream > 0 else {
            blocks.give(back: block)
            return nil
        }
        hold(block, for: stream)
        return stream
    }

    /// Streams the peer lets us have open at once (RFC 9113 §5.1.2).
    public var maxConcurrentStreams: Int {
        Int(nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    /// The next stream's number is below the end of the numbers, and no GOAWAY came or went.
    public var acceptsRequests: Bool { nghttp2_session_check_request_allowed(handle) != 0 }
}
