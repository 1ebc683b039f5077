import ControlPlane
import HTTPTypes

/// Tokens and session keys.
extension AdminOperation {
    /// Of a token whose maker did not say.
    private static let usualLifeMilliseconds: UInt64 = 90 * 86_400_000

    static let credentials = [
        AdminOperation(
            id: "listTokens", method: .get, path: "/v1/tokens", summary: "The tokens, without their secrets.",
            role: .admin, query: Call.paging(), answers: [.json(TokenList.self, "The tokens.")],
            run: { call in
                let (items, next) = try call.part(of: await call.service.tokens(), key: \.id)
                return try .json(TokenList(tokens: items, next: next))
            }),
        AdminOperation(
            id: "createToken", method: .post, path: "/v1/tokens",
            summary: "Makes a token. Its secret is in this answer and nowhere else.", role: .admin,
            action: "token.create",
            body: .json([
                Field("name", .text(1...64), isRequired: true, "Whose it is; for the audit log."),
                Field("role", .choice(Role.allCases.map(\.rawValue)), isRequired: true, "What it may do."),
                Field("expires_in", .duration(), "90d where it is absent."),
            ]),
            answers: [.json(Status.NewToken.self, "The token and its secret.", status: .created)],
            run: { call in
                // The secret is not kept, so the answer cannot be.
                let change = call.change { _ in Reply(status: .created) }
                let role = Role(rawValue: call.body.text("role") ?? "") ?? .viewer
                let life = call.body.milliseconds("expires_in") ?? usualLifeMilliseconds
                let token = try await call.service.createToken(
                    name: call.body.text("name") ?? "", role: role, expiresInMilliseconds: life, change)
                return try .json(token, status: .created)
            },
            again: { _ in
                throw AdminRefusal(
                    .conflict, "secret_shown_once",
                    "this idempotency-key made a token before, whose secret is not shown again: revoke it and make"
                        + " another")
            }),
        AdminOperation(
            id: "revokeToken", method: .delete, path: "/v1/tokens/{id}", summary: "Ends a token at once.",
            role: .admin, action: "token.revoke", answers: [.json(Status.Token.self, "The token.")],
            run: { call in try .json(await call.service.revokeToken(id: call.name("id"), call.change())) }),
        AdminOperation(
            id: "rotateSessionKeys", method: .post, path: "/v1/session-keys/rotate",
            summary: "Signs session tokens with a new key from now on; the one before is believed until the next.",
            role: .admin, action: "keys.rotate", answers: [.json(Status.SessionKey.self, "The key in force.")],
            run: { call in try .json(await call.service.rotateSessionKeys(call.change())) }),
    ]
}
