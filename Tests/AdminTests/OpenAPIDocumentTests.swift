import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

struct OpenAPIDocumentTests {
    private func document() throws -> BodyValue {
        try JSONDecoder().decode(BodyValue.self, from: Data(OpenAPIDocument.text.utf8))
    }

    @Test("docs/openapi.json is what is served; UPDATE=1 writes it anew")
    func file() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = root.deletingLastPathComponent().appending(path: "docs/openapi.json")
        if ProcessInfo.processInfo.environment["UPDATE"] == "1" {
            try OpenAPIDocument.text.write(to: file, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        #expect(written == OpenAPIDocument.text, "run it with UPDATE=1, and look at what changed")
    }

    @Test(
        "each answer has a documented status and type, and a body that its schema describes",
        arguments: AdminOperation.all)
    func answers(operation: AdminOperation) async throws {
        let document = try document()
        let check = SchemaCheck(document: document)
        let entry = document["paths"][operation.path][operation.method.rawValue.lowercased()]
        let tries: [(String?, String?)] = [
            ("admin", operation.exampleBody), (nil, operation.exampleBody), ("viewer", operation.exampleBody),
            ("admin", "{"),
        ]
        for (token, body) in tries {
            let answer = try await AdminFront().ask(operation.method, operation.example, body, as: token)
            let response = entry["responses"]["\(answer.status.code)"]
            #expect(response != .null, "\(operation.id) answered \(answer.status)")
            let types = response["content"].fields
            guard let type = answer.headers[.contentType] else {
                #expect(types.isEmpty && answer.text.isEmpty, "\(operation.id)")
                continue
            }
            let schema = try #require(types[type], "\(operation.id) answered \(type)")["schema"]
            guard type.hasSuffix("json") else { continue }
            let value = try JSONDecoder().decode(BodyValue.self, from: answer.data)
            let isItself = operation.path == "/v1/openapi.json" && answer.status == .ok
            #expect(check.problems(value, schema, isClosed: !isItself).isEmpty, "\(check.problems(value, schema))")
            for (name, header) in response["headers"].fields where header["required"] == true {
                let field = try #require(HTTPField.Name(name))
                #expect(answer.headers[field] != nil, "\(operation.id) answered without \(name)")
            }
        }
    }

    @Test("each operation has a name of its own, parameters for its path, and a role that it says")
    func table() throws {
        let document = try document()
        #expect(Set(AdminOperation.all.map(\.id)).count == AdminOperation.all.count)
        #expect(document["paths"].fields.count == Set(AdminOperation.all.map(\.path)).count)
        for status in AdminOperation.all.flatMap(\.problemStatuses) {
            #expect(AdminProblem.title(status) != "Error \(status)", "a problem's title is its status's phrase")
        }
        for operation in AdminOperation.all {
            let entry = document["paths"][operation.path][operation.method.rawValue.lowercased()]
            #expect(entry["operationId"] == .text(operation.id))
            #expect(entry["x-portolan-role"] == (operation.role.map { .text($0.rawValue) } ?? .null))
            #expect((entry["security"] == []) == (operation.role == nil), "\(operation.id)")
        }
    }
}
