import Model
import Policy
import Testing

struct TenantFieldTests {
    static let rows: [([StaticString], String?, Bool)] = [
        ([], nil, false), (["acme"], "acme", false), (["acme", "acme"], "acme", false), ([""], nil, false),
        (["acme", ""], "acme", false), (["acme", "ajax"], "ajax", true), (["acme", "ajax", "ajax"], "ajax", true),
    ]
    @Test("fields of one head", arguments: rows.indices)
    func adds(index: Int) {
        let (values, name, isAmbiguous) = TenantFieldTests.rows[index]
        var field = TenantField()
        for value in values { field.add(ByteView(value)) }
        #expect((field.name.isAbsent ? nil : field.name.text) == name && field.isAmbiguous == isAmbiguous)
    }
}
