/// `POST /v1/explain`.
extension Status {
    public struct Explanation: Codable, Equatable, Sendable {
        public var generation: UInt64
        public var route: String
        /// Absent in a refusal, as cell and endpoint.
        public var region: String?
        public var cell: String?
        public var endpoint: String?
        public var reason: String
        /// Of the refusal; absent otherwise.
        public var status: Int?
        /// Stages 1–6 in their order.
        public var stages: [Stage]
        public var cells: [Candidate]
        public var endpoints: [Candidate]
        /// The same for a terminal.
        public var text: String
    }

    public struct Stage: Codable, Equatable, Sendable {
        public var stage: Int
        public var name: String
        /// Regions that remain.
        public var left: [String]
        public var lost: [Candidate]
    }

    /// A region, cell or endpoint.
    public struct Candidate: Codable, Equatable, Sendable {
        public var name: String
        /// Why it lost, as a code; absent: it is the one.
        public var lost: String?
        /// The code in words.
        public var why: String?
    }
}
