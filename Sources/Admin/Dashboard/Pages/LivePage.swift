import Foundation

/// Pages that stay up to date: what of them changes, made the same way for the first load and for every update.
enum LivePage: Equatable, Sendable {
    case overview
    case subject(Subject)
    case drains
    case events
    /// Only the strip at the top changes.
    case other

    /// - Parameter path: of the page, percent-encoded as the browser has it.
    init(path: String) {
        let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        switch (parts.count, parts.first, parts.dropFirst().first) {
        case (0, _, _): self = .overview
        case (3, "ui", "cells"): self = .subject(.cell(parts[2]))
        case (3, "ui", "regions"): self = .subject(.region(parts[2]))
        case (2, "ui", "drains"): self = .drains
        case (2, "ui", "events"): self = .events
        default: self = .other
        }
    }

    /// The strip first.
    func fragments(_ glimpse: Glimpse, _ visitor: Visitor) -> [Fragment] {
        let strip = StatusStrip(glimpse: glimpse).fragment
        switch self {
        case .overview: return [strip] + OverviewPage(glimpse: glimpse, visitor: visitor).fragments
        case .subject(let subject): return [strip] + (subject.page(glimpse, visitor)?.fragments ?? [])
        case .drains: return [strip] + DrainsPage(glimpse: glimpse, visitor: visitor).fragments
        case .events: return [strip, EventsPage.newest(glimpse)]
        case .other: return [strip]
        }
    }
}
