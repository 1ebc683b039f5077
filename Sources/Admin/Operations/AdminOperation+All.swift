extension AdminOperation {
    /// Every call that there is, in the document's order.
    static let all: [AdminOperation] =
        probes + reading + traffic + drains + tenants + credentials + configuration + history + [document]

    /// Asked for by many.
    static let reasonField = Field(
        "reason", .text(1...Call.longestReason), isRequired: true, "Why; for the audit log and for others.")
    static let reasonParameter = Field(
        "reason", .text(0...Call.longestReason), "Why; for the audit log and for others.")
    static let expiryField = Field("expires_in", .duration(), "After it the change is taken back, such as 2h.")

    private static let document = AdminOperation(
        id: "describe", method: .get, path: "/v1/openapi.json", summary: "This document.", role: .viewer,
        answers: [Answer(status: .ok, summary: "OpenAPI 3.1.", contents: [.anyJSON])],
        run: { _ in Reply(body: .bytes([UInt8](OpenAPIDocument.text.utf8), type: "application/json")) })
}
