import Support

extension Rules {
    /// 64 KiB on each of seventeen streams: more than the connection's 1 MiB.
    private static var overflow: [Frame] {
        var frames: [Frame] = []
        for stream in stride(from: UInt32(1), through: 33, by: 2) {
            frames.append(headers(stream).post())
            for _ in 0..<4 { frames.append(data(stream, count: 16_384)) }
        }
        return frames
    }

    // MARK: Windows (RFC 9113 §6.9)

    static let flow: [ConformanceCase] = [
        .init(
            "6.9 an increment of 0 on a stream", [headers(1).post(), windowUpdate(1, by: 0)],
            .connectionError("PROTOCOL_ERROR")),
        .init("6.9 an increment of 0 on the connection", [windowUpdate(0, by: 0)], .connectionError("PROTOCOL_ERROR")),
        .init("6.9 of another size", [Frame(8, stream: 0, [0, 0, 1])], .connectionError("FRAME_SIZE_ERROR")),
        .init("6.9.1 a stream's window of 1 lets 1 octet go", [settings((id: 4, value: 1)), get], .says("DATA 1 1")),
        .init(
            "6.9.1 and the next ones as it opens",
            [
                settings((id: 4, value: 1)), get, pause, windowUpdate(1, by: 3),
            ], .says("DATA 1 3")),
        .init(
            "6.9.1 the connection's window above 2³¹−1",
            [
                windowUpdate(0, by: .max >> 1), windowUpdate(0, by: .max >> 1),
            ], .connectionError("FLOW_CONTROL_ERROR")),
        .init(
            "6.9.1 a stream's window above 2³¹−1",
            [
                headers(1).post(), windowUpdate(1, by: .max >> 1), windowUpdate(1, by: .max >> 1),
            ], .streamError(1, "FLOW_CONTROL_ERROR")),
        .init(
            "6.9.1 more DATA than the stream's window",
            [
                headers(1).post(), data(1, count: 16_384), data(1, count: 16_384), data(1, count: 16_384),
                data(1, count: 16_384), data(1, count: 16_384),
            ], .streamError(1, "FLOW_CONTROL_ERROR"), isStalled: true),
        .init(
            "6.9.1 more DATA than the connection's window",
            overflow, .connectionError("FLOW_CONTROL_ERROR"), isStalled: true),
        .init(
            "6.9.2 a smaller initial window is a smaller window",
            [
                settings((id: 4, value: 0)), get, pause, settings((id: 4, value: 2)),
            ], .says("DATA 1 2")),
        .init(
            "6.9.2 windows may be below zero",
            [
                settings((id: 4, value: 3)), get, pause, settings((id: 4, value: 2)), pause, windowUpdate(1, by: 2),
            ], .says("DATA 1 1")),
        .init(
            "6.9.2 an initial window that overflows a stream's",
            [
                settings((id: 4, value: 1)), get, pause, windowUpdate(1, by: .max >> 1 - 5),
                settings((id: 4, value: .max >> 1)),
            ], .streamError(1, "FLOW_CONTROL_ERROR")),
    ]
}
