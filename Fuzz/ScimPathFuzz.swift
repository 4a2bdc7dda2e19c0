// With: ScimSample.swift
// Words: scim.dict

/// Reads the bytes as a path and takes its values from a few resources.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    do throws(ScimSyntaxError) {
        let path = try ScimPath(parsing: text)
        let canonical = String(decoding: path.folded, as: UTF8.self)
        guard try ScimPath(parsing: canonical) == path, try ScimPath(parsing: path.description) == path else {
            fatalError("read back as another: \(canonical)")
        }
        for resource in ScimSample.resources {
            var tolerances: ScimTolerances = []
            path.forEachValue(in: resource, tolerances: &tolerances) { value in
                guard value.isSimple else { fatalError("no simple value: \(canonical)") }
            }
        }
    } catch {
        guard (0...text.utf8.count).contains(error.offset), !error.message.isEmpty else { fatalError("no place in the text: \(error)") }
    }
    return 0
}
