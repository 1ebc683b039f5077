extension Frame {
    static let codes = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    ]
    static let settingNames: [UInt64: String] = [
        1: "header_table_size", 2: "enable_push", 3: "max_concurrent_streams", 4: "initial_window_size",
        5: "max_frame_size", 6: "max_header_list_size", 9: "no_rfc7540_priorities",
    ]

    /// A line of a transcript: `HEADERS 1 end`, `GOAWAY last=1 NO_ERROR`. Fields and bodies are left out, their sizes
    /// and codes are not.
    public var text: String {
        let end = flags & 1 != 0 ? " end" : ""
        switch type {
        case 0: return "DATA \(stream) \(payload.count)\(end)"
        case 1: return "HEADERS \(stream)\(end)\(flags & 4 == 0 ? " open" : "")"
        case 2: return "PRIORITY \(stream)"
        case 3: return "RST_STREAM \(stream) \(Frame.code(payload))"
        case 4: return flags & 1 != 0 ? "SETTINGS ack" : "SETTINGS\(settingsText)"
        case 6: return flags & 1 != 0 ? "PING ack" : "PING"
        case 7:
            let last = Frame.number(payload.prefix(4)) & 0x7FFF_FFFF
            return
                "GOAWAY last=\(last == 0x7FFF_FFFF ? "max" : "\(last)") \(Frame.code(payload.dropFirst(4).prefix(4)))"
        case 8: return "WINDOW_UPDATE \(stream) +\(Frame.number(payload))"
        case 9: return "CONTINUATION \(stream)\(flags & 4 == 0 ? " open" : "")"
        default: return "FRAME type=\(type) \(stream) \(payload.count)"
        }
    }

    private static func code(_ octets: some Sequence<UInt8>) -> String {
        let code = number(octets)
        return code < codes.count ? codes[Int(code)] : "\(code)"
    }

    private var settingsText: String {
        stride(from: 0, to: payload.count - 5, by: 6).map { start in
            let id = Frame.number(payload[start..<start + 2])
            return " \(Frame.settingNames[id] ?? "\(id)")=\(Frame.number(payload[(start + 2)..<(start + 6)]))"
        }.joined()
    }
}
