public import Model

/// What a decision needs to know of one request: views of bytes that outlive the call, nothing else.
public struct RequestFacts: BitwiseCopyable {
    public var method: Method
    /// `:authority`, else `host`, as it came: any case, with or without a port. Absent: matches no route with a host.
    public var authority: ByteView
    /// `:path` as it came, with its query.
    public var path: ByteView
    /// `x-region` from a source that may set it; absent when it is missing or its sender is not trusted.
    public var xRegion: ByteView
    /// Request fields, for routes that match on them.
    public var headers: HeaderFields
    /// The endpoint that a retry comes from, which is not chosen again; `.none` at the first try.
    public var excluded: EndpointID
    /// The region in which this request found one endpoint after another dead or full: left out while another allowed
    /// one is open, so that a region that nobody has found ill yet costs a request time and not failure.
    public var avoided = RegionID.none
    /// The tenant's name, from a trusted header, the host or a verified certificate; absent: none.
    public var tenant = ByteView.absent
    /// The hash of what keys the request: its session's, else the route's `hash_by` header; meaningful with `isKeyed`.
    public var key = KeyHash(0)
    public var isKeyed = false
    /// Where its session is held; `.none` without one.
    public var hold = SessionHold.none

    @inlinable public init(
        method: Method, authority: ByteView, path: ByteView, xRegion: ByteView = .absent,
        headers: HeaderFields = .none, excluded: EndpointID = .none
    ) {
        (self.method, self.authority, self.path) = (method, authority, path)
        (self.xRegion, self.headers, self.excluded) = (xRegion, headers, excluded)
    }

    /// A second try: it serves this one request and moves no session.
    @inlinable public var isRetry: Bool { excluded != .none }
}
