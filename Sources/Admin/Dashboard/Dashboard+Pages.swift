import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Store

/// What is only looked at.
extension Dashboard {
    typealias Handler = @Sendable (Request, AdminContext) async throws -> Response
    typealias Page = @Sendable (Request, AdminContext, Visitor) async throws -> Response
    typealias Submission = @Sendable (FormBody, AdminContext, Visitor) async throws -> Response

    /// One for those who are known; the others are asked who they are.
    func page(_ make: @escaping Page, from role: Role = .viewer) -> Handler {
        { request, context in
            guard let visitor = await visitor(request, context) else {
                let to = request.uri.path == "/" ? "" : "?to=\(Escaping.segment(request.uri.path))"
                return Dashboard.redirect(to: "/login\(to)")
            }
            guard visitor.caller.role >= role else { return tooSmall(visitor, needed: role) }
            return try await make(request, context, visitor)
        }
    }

    func tooSmall(_ visitor: Visitor, needed: Role) -> Response {
        var page = TroublePage(
            title: visitor.isSignedIn ? "Not with this token" : "Not without a token",
            text: "“\(visitor.caller.name)” is a \(visitor.caller.role.rawValue); this needs the role "
                + "\(needed.rawValue). Nothing was changed.")
        if visitor.maySignIn { page.way = ("/login", "Sign in with a token") }
        return trouble(page, status: .forbidden, visitor: visitor)
    }

    /// A page that stays up to date.
    func show(
        _ title: String, place: PageFrame.Place?, live path: String, _ glimpse: Glimpse, _ visitor: Visitor,
        status: HTTPResponse.Status = .ok, _ content: HTML
    ) -> Response {
        answer(
            PageFrame(
                title: title, place: place, visitor: visitor, edge: glimpse.status.edge,
                notice: notices.take(for: visitor), live: path, strip: StatusStrip(glimpse: glimpse).fragment,
                content: content), status: status)
    }

    @Sendable func overview(_ request: Request, _ context: AdminContext, _ visitor: Visitor) async throws -> Response {
        let glimpse = await keeper.look()
        return show(
            "Overview", place: .overview, live: "/", glimpse, visitor,
            OverviewPage(glimpse: glimpse, visitor: visitor).html)
    }

    func subjectPage(_ subject: @escaping @Sendable (String) -> Subject) -> Handler {
        page { _, context, visitor in await show(subject(context.name("name")), visitor) }
    }

    func show(_ subject: Subject, _ visitor: Visitor, _ draft: Form.Draft? = nil) async -> Response {
        let glimpse = await keeper.look()
        guard let page = subject.page(glimpse, visitor, draft) else {
            let known = subject.names(glimpse).joined(separator: ", ")
            let page = TroublePage(title: "No \(subject.word) of that name", text: "There are \(known).")
            return trouble(page, status: .notFound, visitor: visitor)
        }
        return show(
            "\(subject.word.capitalized) \(subject.name)", place: nil, live: subject.path, glimpse, visitor,
            status: Dashboard.status(of: draft), page.html)
    }

    private static func status(of draft: Form.Draft?) -> HTTPResponse.Status {
        draft?.trouble.map { HTTPResponse.Status(code: $0.status) } ?? .ok
    }

    @Sendable func showDrains(_ request: Request, _ context: AdminContext, _ visitor: Visitor) async throws -> Response
    {
        let glimpse = await keeper.look()
        return show(
            "Drains", place: .drains, live: "/ui/drains", glimpse, visitor,
            DrainsPage(glimpse: glimpse, visitor: visitor).html)
    }

    @Sendable func showEvents(_ request: Request, _ context: AdminContext, _ visitor: Visitor) async throws -> Response
    {
        let glimpse = await keeper.look()
        let size = EventsPage.pageSize
        guard let before = request.uri.queryParameters.get("before").flatMap({ UInt64($0) }), before > 0 else {
            let events = Array(glimpse.events.suffix(size).reversed())
            return show(
                "Events", place: .events, live: "/ui/events", glimpse, visitor,
                EventsPage(events: events, isNewest: true, trouble: glimpse.eventTrouble).html)
        }
        var page = EventsPage(events: [], isNewest: false)
        do throws(StoreError) {
            page.events = try await service.events(before: before, subject: nil, limit: size)
        } catch { page.trouble = "\(error)" }
        return show("Events", place: .events, live: "/ui/events/older", glimpse, visitor, page.html)
    }

    @Sendable func showAudit(_ request: Request, _ context: AdminContext, _ visitor: Visitor) async throws -> Response {
        let before = request.uri.queryParameters.get("before").flatMap { UInt64($0) }
        let glimpse = await keeper.look()
        do throws(StoreError) {
            let entries = try await service.audit(before: before, limit: AuditPage.pageSize)
            let page = AuditPage(entries: entries.sorted { $0.number > $1.number }, isNewest: before == nil)
            return show("Audit", place: .audit, live: "/ui/audit", glimpse, visitor, page.html)
        } catch {
            let page = TroublePage(title: "The audit log cannot be read", text: "\(error)")
            return trouble(page, status: .serviceUnavailable, visitor: visitor)
        }
    }

    @Sendable func showExplain(_ request: Request, _ context: AdminContext, _ visitor: Visitor) async throws -> Response
    {
        show(
            "Explain", place: .explain, live: "/ui/explain", await keeper.look(), visitor,
            ExplainPage(visitor: visitor).html)
    }

    @Sendable func answerExplain(
        _ body: FormBody, _ context: AdminContext, _ visitor: Visitor
    ) async throws -> Response {
        var page = ExplainPage(visitor: visitor, body: body)
        do throws(AskedPage.Problem) {
            page.explanation = await service.explain(try AskedPage.request(body))
        } catch { page.trouble = error.text }
        return show(
            "Explain", place: .explain, live: "/ui/explain", await keeper.look(), visitor,
            status: page.trouble == nil ? .ok : .badRequest, page.html)
    }
}
