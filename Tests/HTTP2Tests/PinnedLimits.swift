import Model

extension Limits {
    /// Windows that the transcripts and cases were written for, whatever the defaults become.
    static var pinned: Limits {
        var limits = Limits()
        limits.clientBufferBytes = 1 << 20
        limits.upstreamStreamWindowBytes = 65_536
        return limits
    }
}
