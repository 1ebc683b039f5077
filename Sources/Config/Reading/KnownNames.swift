/// Names that another part of the file may refer to.
struct KnownNames {
    /// `region`, `dataset`, `jurisdiction`.
    let what: String
    let names: [String]
    /// False where that other part could not be read: then any name passes, for its mistake is reported already.
    let isComplete: Bool

    static func regions(_ names: [String]) -> KnownNames {
        KnownNames(what: "region", names: names, isComplete: !names.isEmpty)
    }
}
