import Model
import Policy

/// One request that was decided, with all that a replay needs of it: from a line of the access log, or from a record.
struct ReplayedRequest: Sendable {
    let method: Method
    /// Name; empty: no route matched.
    let route: String
    /// Ids are the log's, or this process's.
    let decision: DecisionRecord
    /// It named a region that nobody had then, and the name was not kept.
    let isXRegionLost: Bool
    /// Another one for each request.
    let seed: UInt64
    /// Authority, path, tenant, region asked for.
    private let texts: [UInt8]
    private let ends: (authority: Int, path: Int, tenant: Int)

    /// What stands for a region's name that was not kept: no region can be called so.
    private static let lostName = "?"

    /// Of a record. Texts longer than `most` bytes are cut, which their matching hardly ever notices.
    init(_ record: RequestRecord, _ texts: RecordTexts, route: String, most: Int = 512) {
        (method, self.route, decision) = (record.method, route, record.decision)
        isXRegionLost = false
        seed = ReplayedRequest.seed(texts.requestID, record.startedAt)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(record.textCount, 4 * most))
        bytes += texts.authority.prefix(most)
        let authority = bytes.count
        bytes += texts.path.prefix(most)
        let path = bytes.count
        bytes += texts.tenant.prefix(most)
        ends = (authority, path, bytes.count)
        bytes += texts.xRegion.prefix(most)
        self.texts = bytes
    }

    /// Of a line.
    /// - Parameters:
    ///   - decision: in the layout's ids.
    ///   - xRegion: the name of the region asked for; nil: none.
    init(_ line: LogLine, _ facts: DecisionFacts, decision: DecisionRecord, xRegion: String?) {
        method = Array((line.method ?? "").utf8).withUnsafeBytes { Method(ByteView($0)) }
        (route, self.decision) = (line.route ?? "", decision)
        isXRegionLost = facts.xRegion == .unknown
        seed = Array((line.requestID ?? "").utf8).withUnsafeBytes { id in
            Array((line.time ?? "").utf8).withUnsafeBytes { time in
                ReplayedRequest.seed(id, SipHash.hash(ByteView(time), key: .zero))
            }
        }
        var bytes = Array((line.authority ?? "").utf8)
        let authority = bytes.count
        bytes += Array((line.path ?? "").utf8)
        let path = bytes.count
        bytes += Array((line.tenant ?? "").utf8)
        ends = (authority, path, bytes.count)
        bytes += Array((isXRegionLost ? ReplayedRequest.lostName : xRegion ?? "").utf8)
        texts = bytes
    }

    private static func seed(_ id: UnsafeRawBufferPointer, _ time: UInt64) -> UInt64 {
        SipHash.hash(ByteView(id), key: SipHash.Key(low: time, high: 0x7265_706C_6179))
    }

    /// The facts as views that end with the call.
    func withFacts<Result>(_ body: (inout RequestFacts) -> Result) -> Result {
        texts.withUnsafeBytes { bytes in
            func view(_ range: Range<Int>) -> ByteView {
                range.isEmpty ? .absent : ByteView(UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
            var facts = RequestFacts(
                method: method, authority: view(0..<ends.authority), path: view(ends.authority..<ends.path),
                xRegion: view(ends.tenant..<bytes.count))
            facts.tenant = view(ends.path..<ends.tenant)
            return body(&facts)
        }
    }
}
