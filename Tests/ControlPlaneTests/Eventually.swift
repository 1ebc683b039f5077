/// Lets other tasks run until `condition` holds; false when it does not after a million turns.
func eventually(_ condition: () async -> Bool) async -> Bool {
    for _ in 0..<1_000_000 {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}
