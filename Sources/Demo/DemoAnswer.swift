/// What an endpoint answers: who it is and what it was asked, as JSON.
struct DemoAnswer {
    /// The endpoint's place in the world.
    struct Place: Equatable, Sendable {
        var region: String
        var cell: String
        var endpoint: String
    }

    static func body(_ place: Place, method: String, path: String, xRegion: String?) -> [UInt8] {
        if path == "/healthz" { return Array("ok\n".utf8) }
        let fields = [
            ("region", place.region), ("cell", place.cell), ("endpoint", place.endpoint), ("method", method),
            ("path", path),
        ]
        var text = fields.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",")
        text += ",\"x_region\":\(xRegion.map(quoted) ?? "null")"
        return Array("{\(text)}\n".utf8)
    }

    /// A JSON string (RFC 8259 §7).
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 32:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
