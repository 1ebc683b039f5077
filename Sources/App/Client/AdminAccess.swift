import Foundation

/// Where the admin API is, and by what its caller and it know each other.
struct AdminAccess: Equatable, Sendable {
    var location: AdminLocation
    var token: String?
    /// File of the authority that the API's certificate must come from; nil: the system's.
    var authority: String?
    /// Files of a client certificate and its key.
    var identity: Identity?

    struct Identity: Equatable, Sendable {
        var certificate: String
        var key: String
    }

    init(location: AdminLocation, token: String? = nil) { (self.location, self.token) = (location, token) }

    /// What the options say, else the environment.
    /// - Throws: usage: no location, a token that cannot be read or that anybody on the way could.
    init(
        _ options: AdminOptions, environment: [String: String],
        read: (String) -> String? = { try? String(contentsOfFile: $0, encoding: .utf8) }
    ) throws(CommandFailure) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        location = try AdminLocation(option: options.admin, environment: environment)
        authority = options.cacert ?? variable("PORTOLAN_CACERT")
        switch (options.cert, options.key) {
        case (nil, nil): identity = nil
        case (let certificate?, let key?): identity = Identity(certificate: certificate, key: key)
        case (let certificate?, nil): identity = Identity(certificate: certificate, key: certificate)
        case (nil, _?): throw CommandFailure(.usage, "--key goes with --cert: name the certificate, too")
        }
        if let file = options.tokenFile {
            guard let text = read(file) else { throw CommandFailure(.usage, "--token-file: cannot read \(file)") }
            token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        } else {
            token = variable("PORTOLAN_TOKEN")?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let token else { return }
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            let place = options.tokenFile.map { "--token-file: \($0)" } ?? "PORTOLAN_TOKEN"
            throw CommandFailure(
                .usage, "\(place) holds no token: it is one word such as `portolan token create` shows")
        }
        if location.isReadableOnTheWay {
            throw CommandFailure(
                .usage, "\(location) would carry the token in the clear: use https, or the Unix socket over there")
        }
    }
}
