import GRDB

/// `portolan.keys`, where earlier versions kept the secrets of sessions: taken over once, so that an upgrade loses no
/// session.
struct KeysFile {
    private let file: StateFile

    init(beside statePath: String) {
        file = StateFile(path: StateFile(path: statePath).folder + "/portolan.keys")
    }

    /// Puts what is in the file into the store, and removes the file once that is durable.
    ///
    /// - Returns: what its operator should hear.
    /// - Throws: it is damaged, or cannot be read; or the store cannot be written.
    func takeOver(into pool: DatabasePool) throws -> [String] {
        guard let bytes = try file.read() else { return [] }
        guard let keys = SecretKeys(text: String(decoding: bytes, as: UTF8.self)) else {
            throw StoreError(
                path: file.path,
                "is damaged; put a copy of it back, or remove it: then every session begins anew, and keyed requests "
                    + "fall to other cells")
        }
        let kept = try pool.write { database in
            let kept = try SecretKeys(database)
            if kept == nil { try database.put(keys) }
            return kept
        }
        if let kept, kept != keys {
            return [
                "\(file.path) holds other keys than the state, whose keys are used: remove it, unless an older "
                    + "version is to run here again"
            ]
        }
        let wasOpen = file.isOpenToOthers
        try file.remove()
        guard wasOpen else { return [] }
        return [
            "\(file.path) was open to others than its owner, who could forge sessions with its keys: they are in the "
                + "state now; renew them twice if somebody may have read it (portolan keys rotate)"
        ]
    }
}
