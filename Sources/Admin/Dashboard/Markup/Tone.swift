/// How something stands. Always told by a shape and a word as well as by the colour.
enum Tone: String, Equatable, Sendable, CaseIterable {
    case good, warn, bad, quiet, move

    /// 12 by 12: a disc, a triangle, a cross, a ring, an arrow.
    var shape: HTML {
        switch self {
        case .good: "<circle cx=\"6\" cy=\"6\" r=\"4.5\"/>"
        case .warn: "<path d=\"M6 1 11.5 11H.5Z\"/>"
        case .bad: "<path d=\"M3 .8 6 3.8 9 .8 11.2 3 8.2 6l3 3L9 11.2l-3-3-3 3L.8 9l3-3-3-3Z\"/>"
        case .quiet:
            "<path fill-rule=\"evenodd\" d=\"M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Zm0 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z\"/>"
        case .move: "<path d=\"M1 4.7h5V1.2L11.4 6 6 10.8V7.3H1Z\"/>"
        }
    }

    var mark: HTML {
        "<svg class=\"mark \(rawValue)\" viewBox=\"0 0 12 12\" aria-hidden=\"true\">\(shape)</svg>"
    }

    func badge(_ word: String) -> HTML { "<span class=\"badge \(rawValue)\">\(mark)\(word)</span>" }

    /// Of a cell or an endpoint.
    static func ofHealth(_ word: String) -> Tone {
        switch word {
        case "healthy", "up": .good
        case "ejected": .warn
        case "unhealthy", "down": .bad
        default: .quiet
        }
    }

    static func ofDrain(_ state: String) -> Tone {
        switch state {
        case "ended": .quiet
        case "held": .warn
        default: .move
        }
    }

    /// By the event's name (routing.md, Events).
    static func ofEvent(_ name: String) -> Tone {
        let endings: [(String, Tone)] = [
            ("_DOWN", .bad), ("_UNFIT", .bad), ("_REJECTED", .bad), ("_DENIED", .bad), ("PANIC_BEGAN", .bad),
            ("_EJECTED", .warn), ("_FAILED", .warn), ("_FALLBACK", .warn), ("_HELD", .warn), ("_DEADLINE", .warn),
            ("_EXPIRED", .warn), ("MISROUTE", .warn), ("_UP", .good), ("_FIT", .good), ("_RETURNED", .good),
            ("_RECOVERED", .good), ("PANIC_ENDED", .good), ("DRAIN_ENDED", .good), ("CONFIG_APPLIED", .good),
        ]
        if let found = endings.first(where: { name.hasSuffix($0.0) }) { return found.1 }
        return name.hasPrefix("DRAIN_") || name.hasPrefix("WEIGHT_") || name.hasPrefix("SESSIONS_") ? .move : .quiet
    }
}
