import ControlPlane
import Hummingbird
import Policy
import Store

/// What one form asks for.
struct FormOrder: Sendable {
    var action: String
    var command: OperatorCommand
    /// What was asked, for the audit log: JSON.
    var detail: String
    /// The page that shows it.
    var path: String
    /// What is said when it is done.
    var done: String

    static func json(_ value: some Encodable) throws -> String {
        String(decoding: try AdminJSON.encode(value), as: UTF8.self)
    }
}

/// Each form is carried out once, however often its browser sends it.
extension Dashboard {
    /// How long the second of two clicks waits for the first.
    private static let patienceMilliseconds: UInt64 = 10_000
    private static let pollMilliseconds: UInt64 = 50

    /// Makes the change, or says that it was made before: on a second click, and where a browser sends a form again.
    /// - Parameter change: returns what there is to say besides.
    func once(
        _ order: FormOrder, _ body: FormBody, _ visitor: Visitor, _ change: (ChangeContext) async throws -> String
    ) async throws -> Response {
        var context = ChangeContext(caller: visitor.caller, action: order.action, detail: order.detail)
        let asked = [order.action, order.path, order.detail]
        guard let key = IdempotencyKey(form: body["form_key"], asking: asked, visitor.caller) else {
            return try await shown(done(order, change(context)), order, visitor)
        }
        try await begin(key)
        defer { parts.pending.end(key) }
        if try await service.rememberedAnswer(to: key.text) != nil {
            return await shown(Dashboard.repeated, order, visitor)
        }
        context.remember = { [clock] _ in
            StoredAnswer(
                key: key.text, fingerprint: key.fingerprint, status: 303, body: [], location: order.path,
                at: clock.wallNanoseconds())
        }
        return try await shown(done(order, change(context)), order, visitor)
    }

    /// Others may have changed it since, so nothing is said of what is in force.
    private static let repeated = NoticeBoard.Notice(
        tone: .warn,
        text: "Nothing was changed now: this form was carried out before. What is in force is below; to ask for the "
            + "same again, fill the form in anew.")

    private func begin(_ key: IdempotencyKey) async throws(Form.Trouble) {
        let deadline = clock.now().advanced(milliseconds: Dashboard.patienceMilliseconds)
        while !parts.pending.begin(key) {
            guard clock.now() < deadline else {
                throw Form.Trouble(
                    code: "idempotency_in_progress", text: "It is still being worked on: look again in a moment.",
                    status: 409)
            }
            await clock.sleep(clock.now().advanced(milliseconds: Dashboard.pollMilliseconds))
        }
    }

    private func done(_ order: FormOrder, _ more: String) -> NoticeBoard.Notice {
        NoticeBoard.Notice(tone: .good, text: "\(order.done) \(more)")
    }

    private func shown(_ notice: NoticeBoard.Notice, _ order: FormOrder, _ visitor: Visitor) async -> Response {
        notices.put(notice, for: visitor)
        parts.shared.forget()
        _ = await keeper.lookAgain()
        return Dashboard.redirect(to: order.path)
    }
}

extension Form.Trouble {
    /// The form is filled in wrongly.
    init(_ text: String) { self.init(code: "bad_request", text: text, status: 400) }

    /// What came of it, in place of the change.
    /// - Throws: what no operator can mend.
    init(_ error: any Error) throws {
        switch error {
        case let trouble as Form.Trouble: self = trouble
        case let error as ChangeError: self.init(code: error.code, text: error.detail, status: error.status)
        case let error as StoreError: try self.init(ChangeError.notStored(error))
        default: throw error
        }
    }
}

extension FormBody {
    /// Why something is to be done.
    func reason(orElse usual: String? = nil) throws(Form.Trouble) -> String {
        let text = self["reason"]
        if text.isEmpty, let usual { return usual }
        guard !text.isEmpty else { throw Form.Trouble("Say a reason: it is kept in the audit log.") }
        let count = text.unicodeScalars.count
        guard count <= Call.longestReason else {
            throw Form.Trouble(
                "The reason has \(count) characters: say it in at most \(Call.longestReason), with a link to more.")
        }
        return text
    }

    func duration(_ name: String) throws(Form.Trouble) -> UInt64? {
        let text = self[name]
        guard !text.isEmpty else { return nil }
        guard ValueKind.duration().problem(.text(text)) == nil else {
            throw Form.Trouble("“\(ValueKind.short(text))” is no duration: write 30s, 5m, 12h.")
        }
        return DurationText.milliseconds(text)
    }
}
