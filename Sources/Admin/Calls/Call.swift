import ControlPlane
import HTTPTypes
import Hummingbird
import Store

/// One call of an operation, once it is known who calls and what it brings.
struct Call: Sendable {
    let parts: AdminParts
    let operation: AdminOperation
    let request: Request
    let context: AdminContext
    /// Whoever calls an operation that is open to anybody: nobody.
    let caller: Caller
    var query = CallValues()
    var body = CallValues()
    /// A YAML body; nil: none.
    var text: String?
    var key: IdempotencyKey?
    /// Of `If-Match`; nil: any generation.
    var ifMatch: UInt64?

    /// Unicode scalars of a reason, by the API and by the forms of the dashboard.
    static let longestReason = 500

    var service: any AdminService { parts.service }

    func name(_ parameter: String) -> String { context.name(parameter) }

    /// It asks only what a change would do.
    var isDryRun: Bool { query.flag("dry_run") || body.flag("dry_run") }

    /// Why, as the query or the body says.
    var reason: String { body.text("reason") ?? query.text("reason") ?? "" }

    /// What the change brings with it. `reply` is what the same idempotency key will be answered; the value is the
    /// one that the service returns.
    func change(
        _ reply: @escaping @Sendable (any Encodable & Sendable) throws -> Reply = { try .json($0) }
    ) -> ChangeContext {
        var context = parts.change(operation, caller, detail: detail, ifMatch: ifMatch)
        guard let key else { return context }
        context.remember = { [parts] value in
            try? reply(value).stored(under: key, at: parts.clock.wallNanoseconds())
        }
        return context
    }

    private var detail: String {
        if text != nil { return "{\"body\":\"a configuration\"}" }
        if case .json = operation.body { return body.json }
        return query.json
    }

    /// Of `If-Match`: `12`, `"12"`, `W/"12"` or `*`.
    static func generation(ifMatch text: String?) throws(AdminRefusal) -> UInt64? {
        guard let text, text != "*" else { return nil }
        var number = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        if number.hasPrefix("\""), number.hasSuffix("\""), number.count > 2 { number = number.dropFirst().dropLast() }
        guard number.utf8.allSatisfy({ (48...57).contains($0) }), let generation = UInt64(number) else {
            throw .wrong("if-match: “\(ValueKind.short(text))” is no generation; send its number or its etag")
        }
        return generation
    }
}
