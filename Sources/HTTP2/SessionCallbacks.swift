import CNghttp2
import Glibc
import Model
import Wire

/// nghttp2's callbacks, which find their session by the user data and call its owner.
struct SessionCallbacks: @unchecked Sendable {
    let handle: OpaquePointer
    static let shared = SessionCallbacks()

    private init() {
        var callbacks: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0, let callbacks else {
            fatalError("no memory for HTTP/2 callbacks")
        }
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, SessionCallbacks.headBegan)
        nghttp2_session_callbacks_set_on_header_callback2(callbacks, SessionCallbacks.fieldReceived)
        nghttp2_session_callbacks_set_on_invalid_header_callback2(callbacks, SessionCallbacks.invalidFieldReceived)
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, SessionCallbacks.frameReceived)
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, SessionCallbacks.invalidFrameReceived)
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, SessionCallbacks.dataReceived)
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, SessionCallbacks.streamClosed)
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, SessionCallbacks.frameSent)
        nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, SessionCallbacks.frameNotSent)
        nghttp2_session_callbacks_set_send_data_callback(callbacks, SessionCallbacks.bodyTaken)
        handle = callbacks
    }

    private static let resetStream = NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue

    private static let headBegan: nghttp2_on_begin_headers_callback = { _, _, context in
        Session.from(context)._withUnsafeGuaranteedRef { $0.headBegan() }
        return 0
    }

    private static let fieldReceived: nghttp2_on_header_callback2 = { _, _, name, value, flags, context in
        guard let name, let value else { return resetStream }
        let isSensitive = flags & UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue) != 0
        Session.from(context)._withUnsafeGuaranteedRef { $0.fieldReceived(name, value, isSensitive: isSensitive) }
        return 0
    }

    /// nghttp2 would drop the field and go on; a request with a bad field is refused whole (limits.md, E2), which
    /// `invalidFrameReceived` counts.
    private static let invalidFieldReceived: nghttp2_on_invalid_header_callback2 = { _, _, _, _, _, _ in resetStream }

    private static let frameReceived: nghttp2_on_frame_recv_callback = { _, frame, context in
        guard let frame else { return 0 }
        Session.from(context)._withUnsafeGuaranteedRef { $0.frameReceived(frame) }
        return 0
    }

    private static let invalidFrameReceived: nghttp2_on_invalid_frame_recv_callback = { _, _, code, context in
        let isFlow = code == NGHTTP2_ERR_FLOW_CONTROL.rawValue
        Session.from(context)._withUnsafeGuaranteedRef { session in
            session.owner._withUnsafeGuaranteedRef { $0.glitched(isFlow ? .flowControl : .malformed) }
        }
        return 0
    }

    private static let dataReceived: nghttp2_on_data_chunk_recv_callback = { _, _, stream, bytes, count, context in
        Session.from(context)._withUnsafeGuaranteedRef { session in
            let tag = session.tag(of: stream)
            session.owner._withUnsafeGuaranteedRef {
                $0.dataReceived(stream, tag, UnsafeRawBufferPointer(start: bytes, count: count))
            }
        }
        return 0
    }

    private static let streamClosed: nghttp2_on_stream_close_callback = { _, stream, code, context in
        Session.from(context)._withUnsafeGuaranteedRef { session in
            let tag = session.tag(of: stream)
            session.forgetTag()
            session.owner._withUnsafeGuaranteedRef { $0.streamClosed(stream, tag, ErrorCode(rawValue: code)) }
        }
        return 0
    }

    private static let frameSent: nghttp2_on_frame_send_callback = { _, frame, context in
        guard let frame else { return 0 }
        Session.from(context)._withUnsafeGuaranteedRef { $0.frameSent(frame) }
        return 0
    }

    private static let frameNotSent: nghttp2_on_frame_not_send_callback = { _, frame, code, context in
        guard let frame, frame.pointee.hd.type == UInt8(NGHTTP2_HEADERS.rawValue) else { return 0 }
        let stream = frame.pointee.hd.stream_id
        Session.from(context)._withUnsafeGuaranteedRef { session in
            session.releaseHead(of: stream)
            // nghttp2 closes a stream whose request cannot leave, but one whose answer cannot would wait for ever.
            let isAnswer = frame.pointee.headers.cat != NGHTTP2_HCAT_REQUEST
            if isAnswer, code == NGHTTP2_ERR_FRAME_SIZE_ERROR.rawValue { session.reset(stream, .internalError) }
        }
        return 0
    }

    /// Asks the owner for a stream's body whenever its windows allow; one for all streams.
    struct BodySource: @unchecked Sendable { let provider: UnsafePointer<nghttp2_data_provider> }
    static let bodySource: BodySource = {
        let provider = UnsafeMutablePointer<nghttp2_data_provider>.allocate(capacity: 1)
        provider.initialize(to: nghttp2_data_provider(source: nghttp2_data_source(ptr: nil), read_callback: bodyWanted))
        return BodySource(provider: provider)
    }()

    private static let bodyWanted: nghttp2_data_source_read_callback = { _, stream, _, capacity, flags, _, context in
        Session.from(context)._withUnsafeGuaranteedRef { session in
            session.bodyWanted(stream, capacity: capacity, flags: flags)
        }
    }

    private static let bodyTaken: nghttp2_send_data_callback = { _, frame, head, count, _, context in
        guard let frame, let head else { return resetStream }
        return Session.from(context)._withUnsafeGuaranteedRef {
            $0.bodyTaken(frame.pointee.hd.stream_id, head: head, count: count)
        }
    }
}

extension Session {
    @inline(__always)
    static func from(_ context: UnsafeMutableRawPointer?) -> Unmanaged<Session> {
        Unmanaged<Session>.fromOpaque(context.unsafelyUnwrapped)
    }

    // MARK: Receiving

    fileprivate func headBegan() {
        // A head that was refused half way leaves its block behind.
        if let receiving { blocks.give(back: receiving) }
        receiving = blocks.take()
        receivingIsTooLarge = false
    }

    fileprivate func fieldReceived(_ name: OpaquePointer, _ value: OpaquePointer, isSensitive: Bool) {
        guard let receiving else { return }
        guard !receivingIsTooLarge, receiving.count < maxFields, receiving.listBytes <= maxListBytes else {
            // The rest must be decoded, the table is shared; it need not be kept (RFC 9113 §4.3).
            receivingIsTooLarge = true
            return
        }
        receiving.append(name: name, value: value, isSensitive: isSensitive, names)
    }

    fileprivate func frameReceived(_ frame: UnsafePointer<nghttp2_frame>) {
        let head = frame.pointee.hd
        let isEnd = head.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(head.type) {
        case NGHTTP2_DATA.rawValue:
            guard isEnd else { return }
            let tag = tag(of: head.stream_id)
            owner._withUnsafeGuaranteedRef { $0.endReceived(head.stream_id, tag) }
        case NGHTTP2_HEADERS.rawValue:
            headEnded(head.stream_id, category: frame.pointee.headers.cat, isEnd: isEnd)
        case NGHTTP2_SETTINGS.rawValue where head.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0:
            owner._withUnsafeGuaranteedRef { $0.settingsReceived() }
        case NGHTTP2_PING.rawValue where head.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0:
            let payload = withUnsafeBytes(of: frame.pointee.ping.opaque_data) { $0.loadUnaligned(as: UInt64.self) }
            owner._withUnsafeGuaranteedRef { $0.pingAcknowledged(payload) }
        case NGHTTP2_GOAWAY.rawValue:
            let goaway = frame.pointee.goaway
            owner._withUnsafeGuaranteedRef {
                $0.goawayReceived(
                    lastStream: goaway.last_stream_id, code: ErrorCode(rawValue: goaway.error_code))
            }
        default: break
        }
    }

    private func headEnded(_ stream: StreamID, category: nghttp2_headers_category, isEnd: Bool) {
        guard let block = receiving else { return }
        receiving = nil
        // nghttp2 has refused a field list larger than it may be; what has no room here is ours to refuse.
        let head = ReceivedHead(
            stream: stream, tag: tag(of: stream), kind: Session.kind(of: block, category), block: block, isEnd: isEnd,
            isTooLarge: receivingIsTooLarge || block.listBytes > maxListBytes)
        if head.isTooLarge, head.kind == .trailers || head.kind == .informational {
            // What is missing of a request or an answer the owner can say; of these two nobody could.
            blocks.give(back: block)
            return reset(stream, .enhanceYourCalm)
        }
        if head.kind == .request, !isSound(stream, block) {
            blocks.give(back: block)
            owner._withUnsafeGuaranteedRef { $0.glitched(.malformed) }
            return reset(stream, .protocolError)
        }
        owner._withUnsafeGuaranteedRef { owner in
            owner.headReceived(head)
            // The tag may have been given just now.
            if isEnd { owner.endReceived(stream, self.tag(of: stream)) }
        }
    }

    private static func kind(of block: HeaderBlock, _ category: nghttp2_headers_category) -> ReceivedHead.Kind {
        if category == NGHTTP2_HCAT_REQUEST { return .request }
        guard block.count > 0, block.token(0) == .status else { return .trailers }
        return block.value(0).count == 3 && block.value(0)[0] == 49 ? .informational : .response  // '1'
    }

    /// What nghttp2 lets pass and backends read in different ways: a user's name in the authority (RFC 9113 §8.3.1), a
    /// fragment in the path. Gives the stream its turn as well: both look at all fields once.
    private func isSound(_ stream: StreamID, _ block: HeaderBlock) -> Bool {
        var hasWish = false
        for index in 0..<block.count {
            switch block.token(index) {
            case .authority, .host: if block.value(index).contains(64) { return false }  // '@'
            case .path: if block.value(index).contains(35) { return false }  // '#'
            case .priority: hasWish = true
            default: break
            }
        }
        if !hasWish { share(stream) }
        return true
    }

    /// Without a wish of the client's, streams take turns frame by frame: in nghttp2's order one that never ends would
    /// let no other begin (RFC 9218 §10).
    private func share(_ stream: StreamID) {
        var turns = nghttp2_extpri(urgency: UInt32(NGHTTP2_EXTPRI_DEFAULT_URGENCY), inc: 1)
        nghttp2_session_change_extpri_stream_priority(handle, stream, &turns, 0)
    }

    // MARK: Sending

    fileprivate func frameSent(_ frame: UnsafePointer<nghttp2_frame>) {
        let head = frame.pointee.hd
        if head.type == UInt8(NGHTTP2_HEADERS.rawValue) { headSent(on: head.stream_id) }
        if head.type == UInt8(NGHTTP2_GOAWAY.rawValue), let payload = pingAfterGoaway {
            pingAfterGoaway = nil
            ping(payload)
        }
        guard tellsEnds, head.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0,
            head.type <= UInt8(NGHTTP2_HEADERS.rawValue)
        else { return }
        let tag = tag(of: head.stream_id)
        owner._withUnsafeGuaranteedRef { $0.endSent(head.stream_id, tag) }
    }

    fileprivate func bodyWanted(
        _ stream: StreamID, capacity: Int, flags: UnsafeMutablePointer<UInt32>?
    ) -> Int {
        let tag = tag(of: stream)
        let supply = owner._withUnsafeGuaranteedRef { $0.bodyReady(stream, tag) }
        let count = min(supply.count, capacity)
        let isLast = supply.isFinal && count == supply.count
        guard count > 0 || isLast else { return Int(NGHTTP2_ERR_DEFERRED.rawValue) }
        var said = NGHTTP2_DATA_FLAG_NO_COPY.rawValue
        if isLast {
            said |= NGHTTP2_DATA_FLAG_EOF.rawValue
            if let trailers = supply.trailers {
                said |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                if nghttp2_submit_trailer(handle, stream, trailers.submission, trailers.count) == 0 {
                    hold(trailers.held(), for: stream)
                } else {
                    reset(stream, .internalError)
                }
            }
        }
        flags.unsafelyUnwrapped.pointee |= said
        return count
    }

    fileprivate func bodyTaken(_ stream: StreamID, head: UnsafePointer<UInt8>, count: Int) -> Int32 {
        guard let staging, stagingCapacity - stagingCount >= count + 9 + Session.frameRoom else {
            if postponed != stream { (postponed, postponedIsVoid) = (stream, false) }
            return NGHTTP2_ERR_WOULDBLOCK.rawValue
        }
        if postponed == stream {
            postponed = 0
            guard !postponedIsVoid else { return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue }
        }
        let start = staging + stagingCount
        start.copyMemory(from: head, byteCount: 9)
        let tag = tag(of: stream)
        let isTaken = owner._withUnsafeGuaranteedRef {
            count == 0 || $0.bodyTaken(stream, tag, into: start + 9, count: count)
        }
        guard isTaken else { return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue }
        stagingCount += 9 + count
        return 0
    }
}

extension ByteView {
    fileprivate func contains(_ byte: UInt8) -> Bool {
        guard let base, count > 0 else { return false }
        return memchr(base, Int32(byte), count) != nil
    }
}
