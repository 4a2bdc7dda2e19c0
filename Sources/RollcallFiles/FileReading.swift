import RollcallCore
import Synchronization

/// One reading of a file in progress. Nothing is read ahead: each call of ``next()`` reads until there is something to hand over.
actor FileReading: DirectoryReading {
    private enum Stage {
        case reading(FileScan)
        /// All of the file was read and proved whole, but the proof is not handed over yet.
        case whole
        case over
    }

    private let path: String
    private let maker: any BatchSource
    private var written: Instant?
    private var stage: Stage
    private let isCancelled = Atomic<Bool>(false)

    /// Reads resources of a JSON file.
    init(_ settings: ResourceFileSettings, _ request: ReadRequest, _ limits: FileLimits) throws(SourceError) {
        path = settings.path
        let maker = ResourceMaker(settings, request)
        self.maker = maker
        let place = FilePlace(path: settings.path)
        let reader = ResourceReader(settings, place, maker.take)
        maker.reader = reader
        stage = .reading(try FileScan(place, reader, limits))
    }

    init(_ settings: FileSourceSettings, _ request: ReadRequest, _ limits: FileLimits) throws(SourceError) {
        path = settings.path
        if request.isRaw {
            let names = NameRegister()
            let maker = RawMaker(settings, names)
            self.maker = maker
            stage = .reading(try FileScan(settings, names, request, limits, maker))
        } else {
            let attributes = WantedAttributes(request, users: settings.users, groups: settings.groups)
            let maker = BatchMaker(settings, request, attributes, limits)
            self.maker = maker
            stage = .reading(try FileScan(settings, attributes, request, limits, maker))
        }
    }

    func next() throws(SourceError) -> ReadStep {
        do throws(SourceError) {
            return try step()
        } catch {
            stage = .over
            throw error
        }
    }

    /// Ends the reading before its next chunk. The file is closed by the call of ``next()`` that notices, or with the reading itself.
    nonisolated func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    private func step() throws(SourceError) -> ReadStep {
        while true {
            if isCancelled.load(ordering: .relaxed) || Task.isCancelled { throw over("the reading was cancelled") }
            switch stage {
            case .reading(let scan):
                if try !scan.advance() {
                    maker.finish()
                    stage = .whole
                    written = scan.written
                }
                let batch = maker.takeBatch()
                if batch.count > 0 { return .batch(batch) }
            case .whole:
                stage = .over
                var proof = maker.proof
                proof.timeMarks.newestChange = written
                return .end(proof)
            case .over:
                throw over("the reading is over")
            }
        }
    }

    private func over(_ message: String) -> SourceError {
        SourceError(.cancelled, subject: path, message: message)
    }
}
