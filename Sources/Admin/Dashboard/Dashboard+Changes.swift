import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Policy

/// What forms change. Each is asked for by POST and answered with a redirect, or with the form as it was and why not.
extension Dashboard {
    typealias Submission = @Sendable (FormBody, AdminContext, Visitor) async throws -> Response

    /// One that is known, of our own page, by somebody who may. Whatever else is refused, and kept in the audit log.
    func form(_ action: String, from role: Role = .operator, _ submit: @escaping Submission) -> Handler {
        { request, context in
            let subject = Dashboard.name(context)
            let visitor = await visitor(request, context)
            func refused(_ outcome: String, _ response: Response) async -> Response {
                guard role > .viewer else { return response }
                await refuse(visitor?.caller, context, action: action, subject: subject, outcome: outcome)
                return response
            }
            guard let visitor else {
                return await refused(
                    "unauthorized",
                    signInPage(to: "/", trouble: "Sign in first. Nothing was changed.", status: .unauthorized))
            }
            guard RequestOrigin.isOwn(request.head) else { return await refused("cross_site", foreignForm(visitor)) }
            let body: FormBody
            do throws(FormBody.Problem) { body = try await FormBody(request) } catch {
                let page = TroublePage(title: "The form could not be read", text: "Open the page again.")
                let status: HTTPResponse.Status = error == .tooLong ? .contentTooLarge : .badRequest
                return await refused("bad_request", trouble(page, status: status, visitor: visitor))
            }
            guard RandomText.areEqual(body["form_token"], visitor.formToken) else {
                return await refused("form_token", foreignForm(visitor))
            }
            guard visitor.caller.role >= role else {
                return await refused("forbidden", tooSmall(visitor, needed: role))
            }
            return try await submit(body, context, visitor)
        }
    }

    /// Of one form: where it stands, what it asks for.
    private struct Order {
        var about: String
        var action: String
        var command: OperatorCommand
        var detail: String
        /// The page that shows it.
        var path: String
        /// What is said when it is done.
        var done: String

        func context(_ visitor: Visitor) -> ChangeContext {
            ChangeContext(caller: visitor.caller, action: action, detail: detail)
        }
    }

    private struct Mistake: Error { var text: String }

    private enum Subject {
        case cell(String)
        case region(String)

        var path: String {
            switch self {
            case .cell(let name): "/ui/cells/\(Escaping.segment(name))"
            case .region(let name): "/ui/regions/\(Escaping.segment(name))"
            }
        }
        var name: String {
            switch self {
            case .cell(let name), .region(let name): name
            }
        }
    }

    private func page(_ subject: Subject, _ visitor: Visitor, _ draft: Form.Draft) async -> Response {
        switch subject {
        case .cell(let name): await cellPage(name, visitor, draft: draft)
        case .region(let name): await regionPage(name, visitor, draft: draft)
        }
    }

    // MARK: Weight, dial

    @Sendable func changeWeight(_ body: FormBody, _ context: AdminContext, _ visitor: Visitor) async throws -> Response
    {
        try await changeShare(.cell(Dashboard.name(context)), body, visitor)
    }

    @Sendable func changeDial(_ body: FormBody, _ context: AdminContext, _ visitor: Visitor) async throws -> Response {
        try await changeShare(.region(Dashboard.name(context)), body, visitor)
    }

    private func changeShare(_ subject: Subject, _ body: FormBody, _ visitor: Visitor) async throws -> Response {
        let about = if case .cell = subject { "weight" } else { "dial" }
        var draft = Form.Draft(about: about, body: body)
        do {
            let order = try shareOrder(subject, about, body, visitor)
            if body["intent"] == "preview" {
                let change = try await service.preview(order.command)
                draft.preview = Preview(change: change, safety: change.safety ?? [])
                return await page(subject, visitor, draft)
            }
            let change = try await service.change(order.command, order.context(visitor))
            return await done("\(order.done) Generation \(change.generation).", at: order.path, visitor)
        } catch let mistake as Mistake {
            draft.trouble = Form.Trouble(code: "bad_request", text: mistake.text, status: 400)
        } catch let error as ChangeError {
            draft.trouble = Form.Trouble(code: error.code, text: error.detail, status: error.status)
        }
        return await page(subject, visitor, draft)
    }

    private func shareOrder(
        _ subject: Subject, _ about: String, _ body: FormBody, _ visitor: Visitor
    ) throws -> Order {
        let (who, reason) = (visitor.caller.name, body["reason"])
        guard !reason.isEmpty else { throw Mistake(text: "Say a reason: it is kept in the audit log.") }
        if body["intent"] == "reset" {
            let change: OperatorCommand.Change =
                switch subject {
                case .cell(let name): .resetWeight(cell: name)
                case .region(let name): .resetDial(region: name)
                }
            return Order(
                about: about, action: "\(about).reset", command: OperatorCommand(change, reason: reason, who: who),
                detail: "{}", path: subject.path, done: "\(subject.name) is back to its configured \(about).")
        }
        guard let percent = Int(body["percent"]) else {
            throw Mistake(text: "“\(body["percent"])” is no whole percent: write 0–100.")
        }
        let change: OperatorCommand.Change =
            switch subject {
            case .cell(let name): .setWeight(cell: name, percent: percent)
            case .region(let name): .setDial(region: name, percent: percent)
            }
        let expiry = try duration("expires_in", body)
        return Order(
            about: about, action: "\(about).set",
            command: OperatorCommand(change, reason: reason, who: who, expiresInMilliseconds: expiry),
            detail: try json(
                ShareRequest(percent: percent, reason: reason, expiresIn: expiry == nil ? nil : body["expires_in"])),
            path: subject.path, done: "The \(about) of \(subject.name) is \(percent) %.")
    }

    // MARK: Drains

    @Sendable func drainCell(_ body: FormBody, _ context: AdminContext, _ visitor: Visitor) async throws -> Response {
        try await drain(.cell(Dashboard.name(context)), body, visitor)
    }

    @Sendable func drainRegion(_ body: FormBody, _ context: AdminContext, _ visitor: Visitor) async throws -> Response {
        try await drain(.region(Dashboard.name(context)), body, visitor)
    }

    private func drain(_ subject: Subject, _ body: FormBody, _ visitor: Visitor) async throws -> Response {
        var draft = Form.Draft(about: "drain", body: body)
        do {
            let order = try drainOrder(subject, body, visitor)
            if body["intent"] == "confirm" {
                let drain = try await service.startDrain(order.command, order.context(visitor))
                return await done("\(order.done) It is drain \(drain.id).", at: order.path, visitor)
            }
            draft.preview = try await preview(order.command)
        } catch let mistake as Mistake {
            draft.trouble = Form.Trouble(code: "bad_request", text: mistake.text, status: 400)
        } catch let error as ChangeError {
            draft.trouble = Form.Trouble(code: error.code, text: error.detail, status: error.status)
        }
        return await page(subject, visitor, draft)
    }

    /// With what force would pass over, so that it can be decided on with the numbers in view.
    private func preview(_ command: OperatorCommand) async throws(ChangeError) -> Preview {
        var command = command
        command.isForced = false
        do throws(ChangeError) {
            let change = try await service.preview(command)
            return Preview(change: change, safety: change.safety ?? [])
        } catch {
            guard ShareForms.forceable.contains(error.code) else { throw error }
            command.isForced = true
            let change = try await service.preview(command)
            return Preview(change: change, safety: [error.detail])
        }
    }

    private func drainOrder(_ subject: Subject, _ body: FormBody, _ visitor: Visitor) throws -> Order {
        let reason = body["reason"]
        guard !reason.isEmpty else { throw Mistake(text: "Say a reason: it is kept in the audit log.") }
        guard let mode = Drain.Mode(rawValue: body["mode"]) else { throw Mistake(text: "Choose ramp or now.") }
        let over = mode == .ramp ? try duration("over", body) : nil
        let expiry = try duration("expires_in", body)
        let target =
            switch subject {
            case .cell(let name): "cell/\(name)"
            case .region(let name): "region/\(name)"
            }
        let isForced = body["force"] == "true"
        let asked = DrainRequest(
            target: target, mode: mode.rawValue, over: over == nil ? nil : body["over"],
            expiresIn: expiry == nil ? nil : body["expires_in"], reason: reason, dryRun: false, force: isForced)
        return Order(
            about: "drain", action: "drain.start",
            command: OperatorCommand(
                .drain(target: target, mode: mode, overMilliseconds: over), reason: reason, who: visitor.caller.name,
                expiresInMilliseconds: expiry, isForced: isForced),
            detail: try json(asked), path: subject.path, done: "\(subject.name) is being drained.")
    }

    @Sendable func undrain(_ body: FormBody, _ context: AdminContext, _ visitor: Visitor) async throws -> Response {
        let text = Dashboard.name(context)
        guard let id = UInt32(text) else {
            let page = TroublePage(
                title: "No such drain", text: "“\(text)” is no drain.", way: ("/ui/drains", "Drains"))
            return trouble(page, status: .notFound, visitor: visitor)
        }
        let reason = body["reason"].isEmpty ? "undone from the dashboard" : body["reason"]
        let command = OperatorCommand(.undrainID(id), reason: reason, who: visitor.caller.name)
        let context = ChangeContext(caller: visitor.caller, action: "drain.end", detail: #"{"id":\#(id)}"#)
        do throws(ChangeError) {
            _ = try await service.change(command, context)
            return await done(
                "Drain \(id) is being undone: its target comes back step by step.", at: "/ui/drains", visitor)
        } catch {
            let page = TroublePage(
                title: "Nothing was changed", text: "\(error.detail) (\(error.code))", way: ("/ui/drains", "Drains"))
            return trouble(page, status: HTTPResponse.Status(code: error.status), visitor: visitor)
        }
    }

    // MARK: Parts

    private func done(_ text: String, at path: String, _ visitor: Visitor) async -> Response {
        notices.put(NoticeBoard.Notice(tone: .good, text: text), for: visitor)
        _ = await keeper.lookAgain()
        return redirect(to: path)
    }

    private func duration(_ name: String, _ body: FormBody) throws -> UInt64? {
        let text = body[name]
        guard !text.isEmpty else { return nil }
        guard let milliseconds = DurationText.milliseconds(text) else {
            throw Mistake(text: "“\(text)” is no duration: write 30s, 5m, 12h.")
        }
        return milliseconds
    }

    private func json(_ value: some Encodable) throws -> String {
        String(decoding: try AdminJSON.encode(value), as: UTF8.self)
    }
}
