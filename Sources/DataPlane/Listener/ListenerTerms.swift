import Model
import TLS

/// An address that is listened on, from its binding until the last connection that came in there has gone. Its number
/// stands in records; it is another place's once this object is gone.
final class ListenerPlace: Sendable {
    let number: UInt8
    init(number: UInt8) { self.number = number }
}

/// What the connections of a place are served by. Immutable: a reload makes others.
final class ListenerTerms: Sendable {
    let place: ListenerPlace
    /// The listener that has the place now.
    let name: String
    /// Nil: plain text.
    let context: ServerContext?
    let trust: Configuration.Trust

    init(place: ListenerPlace, name: String, context: ServerContext?, trust: Configuration.Trust) {
        (self.place, self.name, self.context, self.trust) = (place, name, context, trust)
    }

    /// A client that speaks as these terms want is understood under those, too.
    func speaksLike(_ other: ListenerTerms) -> Bool { (context == nil) == (other.context == nil) }
}
