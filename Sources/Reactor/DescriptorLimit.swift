import CLinux

/// How many descriptors this process may have open.
public enum DescriptorLimit {
    /// Raises the soft limit to the hard one (limits.md, D2) and returns the limit that then holds; `Int.max`: none.
    @discardableResult
    public static func raise() -> Int {
        let limit = clinux_raise_descriptor_limit()
        return limit == 0 ? .max : max(0, Int(limit))
    }
}
