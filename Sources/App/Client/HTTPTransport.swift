import AsyncHTTPClient
import Foundation
import NIOSSL

/// The admin API over HTTP/1.1: on a Unix socket, or TCP with TLS or without.
struct HTTPTransport: AdminTransport {
    /// Of an answer; the longest is a list of some thousand cells.
    private static let maxBytes = 16 << 20
    /// A long poll is answered within 30 s at the latest, anything else within seconds.
    private static let timeoutSeconds: Int64 = 40
    /// A stream of events that is silent for so long, without even a comment, is asked for anew.
    private static let silenceSeconds: Int64 = 90

    private let access: AdminAccess
    private let client: HTTPClient

    /// - Parameter connectSeconds: a name is completed in a shell while somebody waits, so less is better there.
    /// - Throws: usage, when a certificate or key cannot be read.
    init(_ access: AdminAccess, connectSeconds: Int64 = 3) throws(CommandFailure) {
        self.access = access
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(
            connect: .seconds(connectSeconds), read: .seconds(HTTPTransport.silenceSeconds))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.tlsConfiguration = try HTTPTransport.encryption(access)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func close() async { try? await client.shutdown() }

    func answer(to request: AdminRequest) async throws -> (status: Int, body: Data) {
        let sent = prepared(request)
        let response = try await client.execute(sent, timeout: .seconds(HTTPTransport.timeoutSeconds))
        let body = try await response.body.collect(upTo: HTTPTransport.maxBytes)
        return (Int(response.status.code), Data(body.readableBytesView))
    }

    func stream(
        _ path: String, lastEventID: String?
    ) async throws -> (status: Int, chunks: AsyncThrowingStream<[UInt8], any Error>) {
        var sent = prepared(.get(path))
        sent.headers.replaceOrAdd(name: "accept", value: "text/event-stream")
        if let lastEventID { sent.headers.add(name: "last-event-id", value: lastEventID) }
        // The timeout is for the response's head; its body has the read timeout between two chunks.
        let response = try await client.execute(sent, timeout: .seconds(HTTPTransport.timeoutSeconds))
        let (chunks, writer) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let reading = Task {
            do {
                for try await chunk in response.body { writer.yield(Array(chunk.readableBytesView)) }
                writer.finish()
            } catch { writer.finish(throwing: error) }
        }
        writer.onTermination = { _ in reading.cancel() }
        return (Int(response.status.code), chunks)
    }

    private func prepared(_ request: AdminRequest) -> HTTPClientRequest {
        var sent = HTTPClientRequest(url: access.location.url(request.path))
        sent.method = .init(rawValue: request.method.rawValue)
        if let body = request.body {
            sent.headers.add(name: "content-type", value: request.mediaType)
            sent.body = .bytes(body)
        }
        sent.headers.add(name: "accept", value: "application/json")
        sent.headers.add(name: "user-agent", value: "portolan/\(Version.current)")
        if let token = access.token { sent.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let generation = request.ifMatch { sent.headers.add(name: "if-match", value: "\"\(generation)\"") }
        if let key = request.idempotencyKey { sent.headers.add(name: "idempotency-key", value: key) }
        return sent
    }

    private static func encryption(_ access: AdminAccess) throws(CommandFailure) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authority = access.authority {
            guard let found = try? NIOSSLCertificate.fromPEMFile(authority), !found.isEmpty else {
                throw CommandFailure(.usage, "--cacert: \(authority) cannot be read, or holds no certificate in PEM")
            }
            tls.trustRoots = .certificates(found)
        }
        if let identity = access.identity {
            do {
                let chain = try NIOSSLCertificate.fromPEMFile(identity.certificate)
                tls.certificateChain = chain.map { .certificate($0) }
            } catch {
                throw CommandFailure(.usage, "--cert: \(identity.certificate) cannot be read, or is no PEM")
            }
            do {
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: identity.key, format: .pem))
            } catch { throw CommandFailure(.usage, "--key: \(identity.key) cannot be read, or holds no key in PEM") }
        }
        return tls
    }
}
