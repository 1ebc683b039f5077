import CNghttp2

/// One HTTP/2 session: what both roles share. Bytes go in by `receive`, come out by `produce`; everything else is said
/// to the owner while one of these runs. Confined to one thread.
public class Session {
    /// Room `produce` wants beyond what it has written before it takes another frame: the largest that nghttp2 hands
    /// out at once (16 KiB of payload and its head) and the frame heads written around it.
    static let frameRoom = 16_384 + 512
    /// The least capacity `produce` can work with.
    public static let produceCapacity = 4 * frameRoom

    let handle: OpaquePointer
    /// Kept alive by the connection that has both.
    let owner: Unmanaged<SessionOwner>
    let blocks: HeaderBlockPool
    let names: StaticNames
    let maxListBytes: Int
    let maxFields: Int
    /// Whether the owner wants `endSent`.
    let tellsEnds: Bool
    private var lastTagged: StreamID = -1
    private var lastTag: StreamTag = 0

    /// The head that is being received: fields of one stream at a time come in (RFC 9113 §4.3).
    var receiving: HeaderBlock?
    var receivingIsTooLarge = false
    /// Heads submitted whose frames have not left yet, in the order of submission.
    private var waiting: [(stream: StreamID, block: HeaderBlock)] = []
    private var waitingStart = 0
    /// The stream whose next DATA frame found no room, so that its body is taken in a later `produce`; 0: none. And
    /// whether it was reset meanwhile: the owner may have promised those octets to another stream by now.
    var postponed: StreamID = 0
    var postponedIsVoid = false
    /// To be sent once the GOAWAY that was submitted has left.
    var pingAfterGoaway: UInt64?
    /// The stream whose head was written last by `produce`.
    public private(set) var lastHeadSent: StreamID = 0
    /// Where `produce` writes at the moment.
    var staging: UnsafeMutableRawPointer?
    var stagingCount = 0
    var stagingCapacity = 0

    init(
        isServer: Bool, owner: SessionOwner, blocks: HeaderBlockPool, maxListBytes: Int, maxFields: Int
    ) {
        self.owner = Unmanaged.passUnretained(owner)
        self.blocks = blocks
        names = blocks.names
        self.maxListBytes = maxListBytes
        self.maxFields = maxFields
        tellsEnds = isServer
        handle = Session.makeHandle(isServer: isServer, memory: cnghttp2_pool_mem(blocks.memory))
        nghttp2_session_set_user_data(handle, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func makeHandle(isServer: Bool, memory: UnsafeMutablePointer<nghttp2_mem>?) -> OpaquePointer {
        var session: OpaquePointer?
        let result =
            isServer
            ? nghttp2_session_server_new3(
                &session, SessionCallbacks.shared.handle, nil, SessionOptions.server.handle, memory)
            : nghttp2_session_client_new3(
                &session, SessionCallbacks.shared.handle, nil, SessionOptions.client.handle, memory)
        guard result == 0, let session else { fatalError("no memory for an HTTP/2 session") }
        return session
    }

    deinit {
        nghttp2_session_del(handle)
        if let receiving { blocks.give(back: receiving) }
        for (_, block) in waiting[waitingStart...] { blocks.give(back: block) }
    }

    // MARK: Bytes

    /// Takes bytes from the peer, all of them. False: the session cannot go on; what `produce` gives is still worth
    /// sending, then the connection is to be closed.
    public func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = nghttp2_session_mem_recv(
            handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        if count == bytes.count { return true }
        // nghttp2 says goodbye for most mistakes; not for a bad preface, and not for a flood (limits.md, A4, A9).
        let isFlood = count == Int(NGHTTP2_ERR_FLOODED.rawValue) || count == Int(NGHTTP2_ERR_TOO_MANY_SETTINGS.rawValue)
        terminate(isFlood ? .enhanceYourCalm : .protocolError)
        return false
    }

    /// Writes frames into `room`, at least `produceCapacity` bytes, until nothing is left to say or it is nearly full.
    /// - Returns: bytes written; nil when the session cannot go on.
    public func produce(into room: UnsafeMutableRawBufferPointer) -> Int? {
        staging = room.baseAddress
        stagingCount = 0
        stagingCapacity = room.count
        defer { staging = nil }
        while stagingCapacity - stagingCount >= Session.frameRoom {
            var bytes: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(handle, &bytes)
            guard count > 0, let bytes else { return count < 0 ? nil : stagingCount }
            staging.unsafelyUnwrapped.advanced(by: stagingCount).copyMemory(from: bytes, byteCount: count)
            stagingCount += count
        }
        return stagingCount
    }

    /// Something waits to be written and its window allows it.
    public var hasOutput: Bool { nghttp2_session_want_write(handle) != 0 }

    /// Neither side has anything to say any more: close the connection.
    public var isFinished: Bool { nghttp2_session_want_read(handle) == 0 && !hasOutput }

    // MARK: Streams

    /// Keeps `tag` with the stream, for all later calls about it.
    public func setTag(_ tag: StreamTag, of stream: StreamID) {
        nghttp2_session_set_stream_user_data(handle, stream, UnsafeMutableRawPointer(bitPattern: tag))
        (lastTagged, lastTag) = (stream, tag)
    }

    /// Ends the stream with RST_STREAM.
    public func reset(_ stream: StreamID, _ code: ErrorCode) {
        if stream == postponed { postponedIsVoid = true }
        nghttp2_submit_rst_stream(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, code.rawValue)
    }

    /// Body bytes are ready where there were none.
    public func resume(_ stream: StreamID) { nghttp2_session_resume_data(handle, stream) }

    /// Gives the peer `byteCount` of the stream's window back.
    public func consume(_ stream: StreamID, _ byteCount: Int) {
        nghttp2_session_consume_stream(handle, stream, byteCount)
    }

    /// Gives the peer `byteCount` of the connection's window back.
    public func consumeConnection(_ byteCount: Int) { nghttp2_session_consume_connection(handle, byteCount) }

    /// Opens the stream's receive window to `byteCount` in all.
    public func setWindow(of stream: StreamID, _ byteCount: Int) {
        nghttp2_session_set_local_window_size(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, Int32(clamping: byteCount))
    }

    public func ping(_ payload: UInt64) {
        withUnsafeBytes(of: payload) { bytes in
            _ = nghttp2_submit_ping(
                handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// GOAWAY and no more: frames that come in are ignored, the session is finished once this is written.
    public func terminate(_ code: ErrorCode) { nghttp2_session_terminate_session(handle, code.rawValue) }

    // MARK: Heads on their way out

    /// From here on the session owns `block`, until its frame has left.
    func hold(_ block: HeaderBlock, for stream: StreamID) {
        waiting.append((stream, block))
    }

    func headSent(on stream: StreamID) {
        // Trailers are heads too, and may leave after those of later streams.
        lastHeadSent = max(lastHeadSent, stream)
        releaseHead(of: stream)
    }

    /// The stream's first waiting head is not needed any more. Frames leave nearly in the order of submission, so the
    /// search ends at once almost always.
    func releaseHead(of stream: StreamID) {
        for index in waitingStart..<waiting.count where waiting[index].stream == stream {
            blocks.give(back: waiting[index].block)
            for later in stride(from: index, to: waitingStart, by: -1) { waiting[later] = waiting[later - 1] }
            waitingStart += 1
            forgetReleased()
            return
        }
    }

    /// A connection that never comes to rest must not keep every head it ever sent.
    private func forgetReleased() {
        if waitingStart == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            waitingStart = 0
        } else if waitingStart >= 256, waitingStart * 2 >= waiting.count {
            waiting.removeFirst(waitingStart)
            waitingStart = 0
        }
    }

    /// The stream's tag. Callbacks come in runs about one stream: the last answer is remembered.
    func tag(of stream: StreamID) -> StreamTag {
        if stream == lastTagged { return lastTag }
        lastTag = StreamTag(bitPattern: nghttp2_session_get_stream_user_data(handle, stream))
        lastTagged = stream
        return lastTag
    }

    func forgetTag() { lastTagged = -1 }
}
