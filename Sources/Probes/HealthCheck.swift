/// One `grpc.health.v1.Health/Check`: the request's bytes, and what the answer says of the endpoint.
///
///     waiting ─status 200→ reading ─grpc-status 0 at the end, one message, SERVING→ passed | failed
///        └──────────── any other status → failed
///
/// Pure. Both messages have one field, so protobuf is written and read by hand: `HealthCheckRequest.service` is
/// field 1, a string; `HealthCheckResponse.status` is field 1, an enum. Fields it does not know are passed over.
struct HealthCheck {
    static let path = "/grpc.health.v1.Health/Check"
    /// Message bytes looked at: an honest answer has two.
    static let messageBound = 4_096

    /// `HealthCheckResponse.ServingStatus`.
    private static let statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"]
    private static let serving: UInt64 = 1

    private let service: String
    private var message: [UInt8] = []
    private var grpcStatus: Int?
    private(set) var verdict = ProbeJudge.Verdict.undecided

    /// - Parameter service: empty for the server as a whole; at most 256 bytes.
    init(service: String) { self.service = service }

    /// A prefix of one zero byte (not compressed) and the length in four, then the message.
    var requestBytes: [UInt8] {
        var message: [UInt8] = []
        if !service.isEmpty { message = [0x0A] + HealthCheck.varint(UInt64(service.utf8.count)) + Array(service.utf8) }
        let count = UInt32(message.count)
        return [0] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } + message
    }

    /// The response's head. Where the answer is trailers alone, they are in it.
    mutating func headReceived(status: Int?, grpcStatus: Int?) {
        guard verdict == .undecided else { return }
        self.grpcStatus = grpcStatus
        if status != 200 { verdict = .failed("HTTP status \(status.map { "\($0)" } ?? "missing"), expected 200") }
    }

    mutating func trailersReceived(grpcStatus: Int?) { self.grpcStatus = grpcStatus }

    mutating func bodyReceived(_ bytes: UnsafeRawBufferPointer) {
        guard verdict == .undecided else { return }
        message += bytes
        if message.count > HealthCheck.messageBound { verdict = .failed("more than 4 KiB of answer") }
    }

    mutating func ended() {
        guard verdict == .undecided else { return }
        verdict = judged()
    }

    private func judged() -> ProbeJudge.Verdict {
        guard let grpcStatus else { return .failed("an answer without grpc-status") }
        switch grpcStatus {
        case 0: break
        case 5: return .failed("grpc-status 5: the service “\(service)” is not known")
        case 12: return .failed("grpc-status 12: the endpoint has no grpc.health.v1.Health")
        default: return .failed("grpc-status \(grpcStatus)")
        }
        guard message.count >= 5 else { return .failed("an answer without a message") }
        guard message[0] == 0 else { return .failed("a compressed message, which nobody asked for") }
        let count = message[1..<5].reduce(0) { $0 << 8 | Int($1) }
        guard count == message.count - 5, let status = HealthCheck.status(in: message[5...]) else {
            return .failed("a message that is no HealthCheckResponse")
        }
        if status == HealthCheck.serving { return .passed }
        let index = Int(clamping: status)
        return .failed(index < HealthCheck.statuses.count ? HealthCheck.statuses[index] : "serving status \(status)")
    }

    // MARK: Protobuf

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (rest, bytes): (UInt64, [UInt8]) = (value, [])
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// The last field 1, 0 where there is none (proto3's default); nil for bytes that are no message.
    static func status(in bytes: ArraySlice<UInt8>) -> UInt64? {
        var (rest, status): (ArraySlice<UInt8>, UInt64) = (bytes, 0)
        while !rest.isEmpty {
            guard let tag = takeVarint(&rest), tag >> 3 > 0 else { return nil }
            switch (tag >> 3, tag & 7) {
            case (1, 0):
                guard let value = takeVarint(&rest) else { return nil }
                status = value
            case (1, _): return nil
            case (_, 0): if takeVarint(&rest) == nil { return nil }
            case (_, 1): if !skip(8, &rest) { return nil }
            case (_, 2): guard let count = takeVarint(&rest), skip(count, &rest) else { return nil }
            case (_, 5): if !skip(4, &rest) { return nil }
            default: return nil
            }
        }
        return status
    }

    private static func takeVarint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        return nil
    }

    private static func skip(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard count <= UInt64(rest.count) else { return false }
        rest.removeFirst(Int(count))
        return true
    }
}
