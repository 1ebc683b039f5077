import CNghttp2

/// What nghttp2 shall leave to us, and the floods it shall refuse by itself (limits.md A4, A6, A9).
struct SessionOptions: @unchecked Sendable {
    let handle: OpaquePointer
    static let server = SessionOptions()
    static let client = SessionOptions()

    private init() {
        var option: OpaquePointer?
        guard nghttp2_option_new(&option) == 0, let option else { fatalError("no memory for HTTP/2 options") }
        nghttp2_option_set_no_auto_window_update(option, 1)
        // No memory for streams that ended: their numbers are judged by our own ledger.
        nghttp2_option_set_no_closed_streams(option, 1)
        nghttp2_option_set_max_outbound_ack(option, 1_000)
        nghttp2_option_set_max_settings(option, 32)
        // It counts a torn frame head as often as it is torn. A client's are counted by `FrameScanner`.
        nghttp2_option_set_max_continuations(option, 256)
        // Above our own (`FloodGuard`), which counts both sides' resets and says ENHANCE_YOUR_CALM.
        nghttp2_option_set_stream_reset_rate_limit(option, 2_000, 66)
        // As much as we take: an upstream's answer may be four times as large as a client's request.
        nghttp2_option_set_max_send_header_block_length(option, 1 << 20)
        handle = option
    }
}
