import ControlPlane
import HTTPTypes
import Hummingbird
import Policy

/// What forms change. Each is asked for by POST and answered with a redirect, or with the form as it was and why not.
extension Dashboard {
    /// One that is known, of our own page, by somebody who may. Whatever else is refused, and kept in the audit log.
    func form(_ action: String, from role: Role = .operator, _ submit: @escaping Submission) -> Handler {
        { request, context in
            let subject = context.name("name")
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

    // MARK: Weight, dial

    func changeShare(of subject: @escaping @Sendable (String) -> Subject) -> Submission {
        { try await changeShare(subject($1.name("name")), $0, $2) }
    }

    private func changeShare(_ subject: Subject, _ body: FormBody, _ visitor: Visitor) async throws -> Response {
        var draft = Form.Draft(about: subject.share, body: body)
        do {
            let order = try shareOrder(subject, body, visitor)
            if body["intent"] == "preview" {
                let change = try await service.preview(order.command)
                draft.preview = Preview(change: change, safety: change.safety ?? [])
                return await show(subject, visitor, draft)
            }
            return try await once(order, body, visitor) { [service] context in
                let change = try await service.change(order.command, context)
                return "Generation \(change.generation)."
            }
        } catch { draft.trouble = try Form.Trouble(error) }
        return await show(subject, visitor, draft)
    }

    private func shareOrder(_ subject: Subject, _ body: FormBody, _ visitor: Visitor) throws -> FormOrder {
        let (who, reason) = (visitor.caller.name, try body.reason())
        if body["intent"] == "reset" {
            let change: OperatorCommand.Change =
                switch subject {
                case .cell(let name): .resetWeight(cell: name)
                case .region(let name): .resetDial(region: name)
                }
            return FormOrder(
                action: "\(subject.share).reset", command: OperatorCommand(change, reason: reason, who: who),
                detail: "{}", path: subject.path, done: "\(subject.name) is back to its configured \(subject.share).")
        }
        guard let percent = Int(body["percent"]) else {
            throw Form.Trouble("“\(ValueKind.short(body["percent"]))” is no whole percent: write 0–100.")
        }
        let change: OperatorCommand.Change =
            switch subject {
            case .cell(let name): .setWeight(cell: name, percent: percent)
            case .region(let name): .setDial(region: name, percent: percent)
            }
        let expiry = try body.duration("expires_in")
        return FormOrder(
            action: "\(subject.share).set",
            command: OperatorCommand(change, reason: reason, who: who, expiresInMilliseconds: expiry),
            detail: try FormOrder.json(
                ShareRequest(percent: percent, reason: reason, expiresIn: expiry == nil ? nil : body["expires_in"])),
            path: subject.path, done: "The \(subject.share) of \(subject.name) is \(percent) %.")
    }

    // MARK: Drains

    func drain(_ subject: @escaping @Sendable (String) -> Subject) -> Submission {
        { try await drain(subject($1.name("name")), $0, $2) }
    }

    private func drain(_ subject: Subject, _ body: FormBody, _ visitor: Visitor) async throws -> Response {
        var draft = Form.Draft(about: "drain", body: body)
        do {
            let order = try drainOrder(subject, body, visitor)
            if body["intent"] == "confirm" {
                return try await once(order, body, visitor) { [service] context in
                    let drain = try await service.startDrain(order.command, context)
                    return "It is drain \(drain.id)."
                }
            }
            draft.preview = try await preview(order.command)
        } catch { draft.trouble = try Form.Trouble(error) }
        return await show(subject, visitor, draft)
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

    private func drainOrder(_ subject: Subject, _ body: FormBody, _ visitor: Visitor) throws -> FormOrder {
        let reason = try body.reason()
        guard let mode = Drain.Mode(rawValue: body["mode"]) else { throw Form.Trouble("Choose ramp or now.") }
        let over = mode == .ramp ? try body.duration("over") : nil
        let expiry = try body.duration("expires_in")
        let target = "\(subject.word)/\(subject.name)"
        let isForced = body["force"] == "true"
        let asked = DrainRequest(
            target: target, mode: mode.rawValue, over: over == nil ? nil : body["over"],
            expiresIn: expiry == nil ? nil : body["expires_in"], reason: reason, dryRun: false, force: isForced)
        return FormOrder(
            action: "drain.start",
            command: OperatorCommand(
                .drain(target: target, mode: mode, overMilliseconds: over), reason: reason, who: visitor.caller.name,
                expiresInMilliseconds: expiry, isForced: isForced),
            detail: try FormOrder.json(asked), path: subject.path, done: "\(subject.name) is being drained.")
    }

    @Sendable func undrain(_ body: FormBody, _ context: AdminContext, _ visitor: Visitor) async throws -> Response {
        let text = context.name("name")
        guard let id = UInt32(text) else {
            let page = TroublePage(
                title: "No such drain", text: "“\(text)” is no drain.", way: ("/ui/drains", "Drains"))
            return trouble(page, status: .notFound, visitor: visitor)
        }
        do {
            let reason = try body.reason(orElse: "undone from the dashboard")
            let order = FormOrder(
                action: "drain.end",
                command: OperatorCommand(.undrainID(id), reason: reason, who: visitor.caller.name),
                detail: #"{"id":\#(id)}"#, path: "/ui/drains", done: "Drain \(id) is being undone:")
            return try await once(order, body, visitor) { [service] context in
                _ = try await service.change(order.command, context)
                return "its target comes back step by step."
            }
        } catch {
            let wrong = try Form.Trouble(error)
            let page = TroublePage(
                title: "Nothing was changed", text: "\(wrong.text) (\(wrong.code))", way: ("/ui/drains", "Drains"))
            return trouble(page, status: HTTPResponse.Status(code: wrong.status), visitor: visitor)
        }
    }
}
