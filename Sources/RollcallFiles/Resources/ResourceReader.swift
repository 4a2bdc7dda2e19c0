import RollcallCore

/// Cuts a JSON file into its resources and shows each to a taker.
final class ResourceReader: RecordReader {
    /// What a resource is shown to: the resource, and a name that it has twice.
    typealias Taker = (JSONElement, String?) -> Void

    private let place: FilePlace
    private let stream: JSONStream
    private let counter: Counter
    let needsLineEnd = false

    private final class Counter {
        var resources = 0
    }

    init(_ settings: ResourceFileSettings, _ place: FilePlace, _ take: @escaping Taker) {
        self.place = place
        let counter = Counter()
        self.counter = counter
        stream = JSONStream(settings.isLines ? .lines : .document) { resource, _, repeated in
            counter.resources += 1
            take(resource, repeated)
        }
    }

    /// What stood around the resources.
    var envelope: JSONEnvelope { stream.envelope }

    func scan(_ chunk: UnsafeBufferPointer<UInt8>) throws(SourceError) {
        do throws(JSONFault) {
            try stream.feed(chunk)
        } catch {
            throw malformed(error)
        }
    }

    func finish() throws(SourceError) {
        do throws(JSONFault) {
            try stream.finish()
        } catch {
            throw malformed(error)
        }
        guard stream.envelope.isList || stream.form == .lines else {
            throw SourceError(
                .malformed, subject: place.path, message: "this is no list: it has neither Resources nor totalResults",
                advice: "the file is to be a ListResponse (RFC 7644), an array of resources, or with .ndjson one resource a line")
        }
        if let lack = stream.envelope.lack(with: counter.resources, in: "file") {
            throw SourceError(.incomplete, subject: place.path, message: lack, advice: "export all pages into one file")
        }
    }

    /// Files of JSON are mostly one line; errors name the byte instead.
    var lineNumber: Int { 1 }

    private func malformed(_ fault: JSONFault) -> SourceError {
        SourceError(
            .malformed, subject: place.path, message: "this is no usable JSON: \(fault.message)",
            advice: fault.kind == .tooLarge
                ? "no export of people is like that; look at the file" : "write the export again; it may be cut short")
    }
}
