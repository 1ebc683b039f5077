/// What an event is about, as text: a name, or two with a slash between: `use-a/10.0.0.1:80` an endpoint of a cell,
/// `orders/eu-west` a region that requests of a route asked for.
public enum EventSubject {
    /// Whether an event about `told` is of interest to whoever asks about `asked`: it is about the same, or about a
    /// part of it, or about a pair that it is one of.
    public static func isAbout(_ asked: String, _ told: String) -> Bool {
        told == asked || told.hasPrefix(asked + "/") || told.hasSuffix("/" + asked)
    }

    /// The same as a condition on the column `subject`; takes what is asked for so many times.
    static let condition = """
        subject IN (SELECT DISTINCT subject FROM events WHERE
            subject = ? OR substr(subject, 1, length(?) + 1) = ? || '/' OR substr(subject, -length(?) - 1) = '/' || ?)
        """
    static let conditionArguments = 5
}
