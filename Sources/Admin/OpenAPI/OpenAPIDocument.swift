import ControlPlane
import Foundation
import HTTPTypes

/// What the API is, for programs: OpenAPI 3.1, made of the operations that the router has.
struct OpenAPIDocument {
    /// Of all operations; the same text is `docs/openapi.json`.
    static let text: String = {
        do { return try OpenAPIDocument(AdminOperation.all).text } catch {
            preconditionFailure("an answer has no schema: \(error)")
        }
    }()

    private let document: BodyValue

    init(_ operations: [AdminOperation]) throws {
        let reader = SchemaReader()
        _ = try reader.schema(of: AdminProblem.self)
        var paths: [String: [String: BodyValue]] = [:]
        for operation in operations {
            let method = operation.method.rawValue.lowercased()
            paths[operation.path, default: [:]][method] = try OpenAPIDocument.entry(operation, reader)
        }
        document = [
            "openapi": "3.1.0",
            "info": [
                "title": "Portolan admin API", "version": "1", "license": ["name": "Apache-2.0"],
                "description": .text(OpenAPIDocument.introduction),
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(reader.objects),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"], "certificate": ["type": "mutualTLS"],
                ],
            ],
        ]
    }

    private static let introduction = """
        Reads and changes what an edge does. A caller is a bearer token or a client certificate with one of the roles \
        viewer, operator and admin, each of which may do what the ones before it may; on the Unix socket it is \
        admin. Changes take If-Match with a generation, and Idempotency-Key. Errors are RFC 9457 problems whose \
        `reason` is for programs. Durations are texts such as 250ms, 30s, 15m, 12h or 90d; times are RFC 3339.
        """

    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return ((try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "") + "\n"
    }

    // MARK: One operation

    private static func entry(_ operation: AdminOperation, _ reader: SchemaReader) throws -> BodyValue {
        var entry: [String: BodyValue] = [
            "operationId": .text(operation.id), "summary": .text(operation.summary),
            "parameters": .list(parameters(operation)), "responses": .object(try responses(operation, reader)),
            "security": operation.role == nil ? [] : [["token": []], ["certificate": []]],
        ]
        if let role = operation.role { entry["x-portolan-role"] = .text(role.rawValue) }
        switch operation.body {
        case .none: break
        case .json(let fields):
            entry["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": object(fields)]],
            ]
        case .yaml:
            entry["requestBody"] = [
                "required": false, "content": ["application/yaml": ["schema": ["type": "string"]]],
            ]
        }
        return .object(entry)
    }

    private static func parameters(_ operation: AdminOperation) -> [BodyValue] {
        let path = operation.parameters.map { name -> BodyValue in
            ["name": .text(name), "in": "path", "required": true, "schema": ["type": "string", "minLength": 1]]
        }
        let query = operation.query.map { field -> BodyValue in
            [
                "name": .text(field.name), "in": "query", "required": .bool(field.isRequired),
                "description": .text(field.summary), "schema": field.kind.schema,
            ]
        }
        guard operation.action != nil else { return path + query }
        let headers: [BodyValue] = [
            [
                "name": "If-Match", "in": "header", "required": false,
                "description": "Generation that must be in force, as a number or an etag.",
                "schema": ["type": "string", "pattern": #"^(\*|[0-9]{1,18}|(W/)?"[0-9]{1,18}")$"#],
            ],
            [
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Asking again with the same key gives the first answer again, for 24 hours.",
                "schema": ["type": "string", "pattern": "^[!-~]{1,128}$"],
            ],
        ]
        return path + query + headers
    }

    private static func object(_ fields: [Field]) -> BodyValue {
        var properties: [String: BodyValue] = [:]
        for field in fields {
            guard case .object(var schema) = field.kind.schema else { continue }
            schema["description"] = .text(field.summary)
            properties[field.name] = .object(schema)
        }
        return [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
            "required": .list(fields.filter(\.isRequired).map { .text($0.name) }),
        ]
    }

    // MARK: Answers

    private static func responses(_ operation: AdminOperation, _ reader: SchemaReader) throws -> [String: BodyValue] {
        var responses: [String: BodyValue] = [:]
        for status in operation.problemStatuses { responses["\(status)"] = problem(status) }
        for answer in operation.answers {
            var content: [String: BodyValue] = [:]
            for kind in answer.contents {
                switch kind {
                case .json(let type): content["application/json"] = ["schema": try reader.schema(of: type)]
                case .text(let type): content[type] = ["schema": ["type": "string"]]
                case .anyJSON: content["application/json"] = ["schema": ["type": "object"]]
                case .events: content["text/event-stream"] = [:]  // 3.1 has no words for a stream of items
                }
            }
            var response: [String: BodyValue] = ["description": .text(answer.summary)]
            if !content.isEmpty { response["content"] = .object(content) }
            var headers: [String: BodyValue] = [:]
            if answer.hasGeneration { headers["ETag"] = header("The generation that it tells of.", isRequired: false) }
            if answer.status == .accepted { headers["Location"] = header("The drain.", isRequired: true) }
            if !headers.isEmpty { response["headers"] = .object(headers) }
            responses["\(answer.status.code)"] = .object(response)
        }
        return responses
    }

    private static func problem(_ status: Int) -> BodyValue {
        var problem: [String: BodyValue] = [
            "description": .text(AdminProblem.title(status)),
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/AdminProblem"]]],
        ]
        if status == 401 { problem["headers"] = ["WWW-Authenticate": header("How to come back.", isRequired: true)] }
        if [429, 503, 507].contains(status) {
            problem["headers"] = ["Retry-After": header("Seconds.", isRequired: true)]
        }
        return .object(problem)
    }

    private static func header(_ summary: String, isRequired: Bool) -> BodyValue {
        ["description": .text(summary), "required": .bool(isRequired), "schema": ["type": "string"]]
    }
}

extension ValueKind {
    /// JSON Schema of what `problem` lets pass.
    var schema: BodyValue {
        switch self {
        case .text(let range):
            ["type": "string", "minLength": .whole(range.lowerBound), "maxLength": .whole(range.upperBound)]
        case .path: ["type": "string", "pattern": "^/", "maxLength": 8_192]
        case .whole(let range):
            ["type": "integer", "minimum": .whole(range.lowerBound), "maximum": .whole(range.upperBound)]
        case .flag: ["type": "boolean"]
        case .duration: ["type": "string", "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$"]
        case .choice(let words): ["type": "string", "enum": .list(words.map { .text($0) })]
        case .texts(let most):
            ["type": "array", "maxItems": .whole(most), "items": ValueKind.text(1...128).schema]
        case .headers:
            [
                "type": "object",
                "additionalProperties": [
                    "oneOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]]
                ],
            ]
        }
    }
}
