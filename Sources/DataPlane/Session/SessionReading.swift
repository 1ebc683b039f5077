import Model

/// Tokens as the client offered them, copied into its head's block: the fields they came in go no further.
struct OfferedTokens: BitwiseCopyable {
    /// Of `x-portolan-session`.
    var header = ByteView.absent
    /// Of the cookie `__Host-portolan`.
    var cookie = ByteView.absent
}

/// What an exchange knows of its session: read once, said again by every retry, answered at the end.
struct SessionReading: BitwiseCopyable {
    /// How the session is known; `.none`: the request belongs to none.
    var kind = SessionKind.none
    var offered = OfferedTokens()
    /// What keys the request, its session or the route's `hash_by`; meaningful with `isKeyed`.
    var key = KeyHash(0)
    var isKeyed = false
    /// Where the session is held; `.none` without one.
    var hold = SessionHold.none
    /// The same as the last decision saw it.
    var asked = SessionHold.none
    /// The session was held before this request, perhaps elsewhere.
    var wasHeld = false
    /// Seconds since 1970 when the session began.
    var issued: UInt32 = 0
    /// How the answer carries a token of `hold`; `.none`: it carries none.
    var answer = SessionKind.none
}
