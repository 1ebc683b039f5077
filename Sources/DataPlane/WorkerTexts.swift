import Model

/// Texts that every request carries, made anew when the edge's name changes.
struct WorkerTexts {
    let edgeText: String
    private let viaText: OwnedText
    private let nameText: OwnedText
    private let proxyText: OwnedText

    init(_ snapshot: Snapshot) {
        edgeText = snapshot.edgeName
        viaText = OwnedText("2.0 \(snapshot.edgeName) (portolan)")
        nameText = OwnedText("2.0 \(snapshot.edgeName)")
        proxyText = OwnedText(snapshot.edgeName.isEmpty ? "portolan" : snapshot.edgeName)
    }

    /// Our entry in `via`.
    var via: ByteView { viaText.view }
    /// The same without its comment: how a loop is known.
    var edgeName: ByteView { nameText.view }
    /// Our name in `proxy-status`.
    var proxy: ByteView { proxyText.view }
}
