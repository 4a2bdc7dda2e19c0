import RollcallCore

/// Makes entries of the resources of a file, or raw entries of all of them.
final class ResourceMaker: BatchSource {
    private let path: String
    private let decoder: ResourceDecoder
    private let isRaw: Bool
    private var batch = EntryBatch()
    private var users = 0
    private var groups = 0
    private var rejected = 0
    /// The number of the resource, from 1.
    private var number = 0
    private var places: RecordPlaces
    /// What reads the file, which knows what stood around the resources.
    weak var reader: ResourceReader?

    init(_ settings: ResourceFileSettings, _ request: ReadRequest) {
        path = settings.path
        isRaw = request.isRaw
        places = RecordPlaces(prefix: "\(settings.path), resource ")
        decoder = ResourceDecoder(request, users: settings.userFilter, groups: settings.groupFilter, dropsRepeats: false)
    }

    func take(_ resource: JSONElement, repeating name: String?) {
        number += 1
        if isRaw {
            batch.raw.append(RawResource.entry(.record, resource))
        } else {
            decoder.take(resource, repeating: name)
            let counts = decoder.batchCounts
            if counts.users > places.users.count { places.users.append(number) }
            if counts.groups > places.groups.count { places.groups.append(number) }
        }
    }

    func finish() {
        if !isRaw { decoder.finish() }
    }

    func takeBatch() -> EntryBatch {
        if isRaw {
            users += batch.count
            defer { batch = EntryBatch() }
            return batch
        }
        var made = decoder.takeBatch()
        made.places = places
        places = RecordPlaces(prefix: places.prefix)
        users += made.users.count
        groups += made.groups.count
        rejected += made.rejected.count
        return made
    }

    /// Which of raw resources are users is for a later config to say: all are counted as users.
    var proof: ReadProof {
        var proof = ReadProof(server: path, users: users, groups: groups, rejected: rejected, pages: 1, result: 0)
        if let envelope = reader?.envelope { decoder.notes.note(envelope) }
        proof.remarks = decoder.remarks
        return proof
    }
}
