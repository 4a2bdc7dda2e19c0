// With: ScimSample.swift
// Words: scim.dict

/// Reads the bytes as a filter and evaluates what comes of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    do throws(ScimSyntaxError) {
        let filter = try ScimFilter(parsing: text)
        let canonical = String(decoding: filter.folded, as: UTF8.self)
        guard try ScimFilter(parsing: canonical) == filter, try ScimFilter(parsing: filter.description) == filter else {
            fatalError("read back as another: \(canonical)")
        }
        for resource in ScimSample.resources {
            var tolerances: ScimTolerances = []
            let isState = { (path: ScimPath) in path.attribute.count % 2 == 0 }
            let ruling = filter.evaluate(on: resource, tolerances: &tolerances, isState: isState)
            let opposite = ScimFilter.not(filter).evaluate(on: resource, tolerances: &tolerances, isState: isState)
            guard ruling.truth == opposite.truth.negated, ruling.isMissing == opposite.isMissing,
                ruling.truth == .unknown || !ruling.isMissing
            else { fatalError("agrees with its opposite: \(canonical)") }
        }
    } catch {
        guard (0...text.utf8.count).contains(error.offset), !error.message.isEmpty else { fatalError("no place in the text: \(error)") }
    }
    return 0
}
