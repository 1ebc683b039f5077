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
        nghttp2_option_set_max_continuations(option, 8)
        nghttp2_option_set_stream_reset_rate_limit(option, 1_000, 33)
        handle = option
    }
}
