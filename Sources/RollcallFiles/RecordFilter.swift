import RollcallCore

/// A filter prepared for the records of one file.
///
/// Comparisons of `objectClass`, of which filters mostly consist, are made on the bytes of the record; all else is left to
/// ``Filter/evaluate(on:)``, and both give the same outcome.
struct RecordFilter: Sendable {
    private indirect enum Plan: Sendable {
        case all([Plan])
        case any([Plan])
        case not(Plan)
        /// The class in lower case, and the filter itself for values that are more than plain ASCII words.
        case objectClass([UInt8], Filter)
        case filter(Filter)
    }

    private let plan: Plan
    private let attributes: WantedAttributes
    private let classNumbers: [Int]

    init(_ filter: Filter, _ attributes: WantedAttributes) {
        self.attributes = attributes
        classNumbers = Self.objectClass.map(attributes.numbers(matching:)) ?? []
        plan = Self.plan(for: filter)
    }

    private static let objectClass = AttributeName("objectClass")

    private static func plan(for filter: Filter) -> Plan {
        switch filter {
        case .and(let parts): .all(parts.map(plan(for:)))
        case .or(let parts): .any(parts.map(plan(for:)))
        case .not(let part): .not(plan(for: part))
        case .equality(let name, let value) where name == objectClass && value.bytes.allSatisfy(isWordByte):
            .objectClass(value.bytes.map(lowercased), filter)
        default: .filter(filter)
        }
    }

    /// Whether the filter holds for a record.
    func evaluate(on record: Record) -> Truth {
        evaluate(plan, on: record)
    }

    private func evaluate(_ plan: Plan, on record: Record) -> Truth {
        switch plan {
        case .all(let parts):
            var truth = Truth.yes
            for part in parts {
                truth = truth.and(evaluate(part, on: record))
                if truth == .no { break }
            }
            return truth
        case .any(let parts):
            var truth = Truth.no
            for part in parts {
                truth = truth.or(evaluate(part, on: record))
                if truth == .yes { break }
            }
            return truth
        case .not(let part):
            return evaluate(part, on: record).negated
        case .objectClass(let wanted, let filter):
            return hasClass(wanted, record) ?? filter.evaluate(on: RecordSubject(record: record, attributes: attributes))
        case .filter(let filter):
            return filter.evaluate(on: RecordSubject(record: record, attributes: attributes))
        }
    }

    /// Whether the record is of a class; `nil` when some value has to be compared with more care.
    private func hasClass(_ wanted: [UInt8], _ record: Record) -> Truth? {
        var isFound = false
        var isPlain = !record.cutNumbers.contains(where: classNumbers.contains)
        record.forEachValue { number, value in
            guard classNumbers.contains(number) else { return true }
            if value.count == wanted.count, zip(value, wanted).allSatisfy({ Self.lowercased($0) == $1 }) {
                isFound = true
                return false
            }
            if !value.allSatisfy(Self.isWordByte) { isPlain = false }
            return true
        }
        return isFound ? .yes : isPlain ? .no : nil
    }

    @inline(__always)
    private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

    @inline(__always)
    private static func isWordByte(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}

/// A record as a filter sees it: every attribute of it is known.
private struct RecordSubject: FilterSubject {
    let record: Record
    let attributes: WantedAttributes

    func reading(of attribute: AttributeName) -> AttributeReading {
        let numbers = attributes.numbers(matching: attribute)
        let values = numbers.flatMap(record.values(of:))
        return record.cutNumbers.contains(where: numbers.contains) ? .some(values) : .values(values)
    }

    var distinguishedName: DistinguishedName? { try? DistinguishedName(parsing: record.dn[...]) }
}
