import CCurl
import RollcallCore
import RollcallReading

/// One answer on its way: what libcurl's callbacks are given.
final class HTTPTransfer {
    /// The bytes that are kept of a body which is not handed on.
    static let keptLimit = 64 << 10

    typealias Head = (HTTPAnswer) throws(SourceError) -> Void
    typealias Body = (UnsafeBufferPointer<UInt8>) throws(SourceError) -> Void

    private let request: HTTPRequest
    private let stop: StopSignal
    private let onHead: Head
    private let onBody: Body
    private(set) var head = HTTPHead()
    /// The beginning of a body that is not handed on.
    private(set) var kept: [UInt8] = []
    /// The bytes that came, decompressed.
    private(set) var byteCount = 0
    /// Why we ended the transfer ourselves.
    private(set) var failure: SourceError?
    /// Whether the rest of the body is of no interest.
    private(set) var isEnough = false
    private var hasBegun = false
    /// When something came last.
    private(set) var lastSign: ContinuousClock.Instant
    private var received = 0
    private var gzip: GzipReader?

    init(_ request: HTTPRequest, stop: StopSignal, head: @escaping Head, body: @escaping Body) {
        self.request = request
        self.stop = stop
        onHead = head
        onBody = body
        lastSign = .now
    }

    /// Whether bytes of the body were handed on, after which nothing can be tried again.
    var hasHandedOn: Bool { hasBegun && byteCount > 0 }

    /// The time runs anew, because there was no connection before.
    func touch() {
        lastSign = .now
    }

    /// Makes sure that an answer which has ended is whole, and shows its head if there was no body.
    func finish() throws(SourceError) {
        guard head.status == 200 else { return }
        try begin()
        guard gzip?.isWhole ?? true else { throw damaged("breaks off") }
    }

    /// Shows the head before the body begins.
    private func begin() throws(SourceError) {
        guard !hasBegun else { return }
        hasBegun = true
        if let compression = head.compression, !head.isGzip {
            throw error(
                "the answer is compressed as \(SourceError.oneLine(compression)); only gzip was asked for",
                "look for a proxy or a server that breaks HTTP")
        }
        try onHead(HTTPAnswer(head))
    }

    fileprivate func takeHead(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        lastSign = .now
        if head.take(bytes) { return true }
        failure = error(
            "the answer's head is larger than \(HTTPHead.sizeLimit) bytes", "look for a proxy or a server that breaks HTTP")
        return false
    }

    fileprivate func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        defer { lastSign = .now }
        received += bytes.count
        guard head.isGzip else { return take(bytes) }
        if gzip == nil { gzip = GzipReader() }
        var isWanted = true
        do throws(GzipReader.Damage) {
            guard gzip != nil else { throw GzipReader.Damage() }
            try gzip?.read(bytes) { piece in
                isWanted = take(piece)
                return isWanted
            }
            return isWanted
        } catch {
            // The status of a refusal says enough.
            if head.status == 200 { failure = damaged("is no gzip, or goes on after it") } else { isEnough = true }
            return false
        }
    }

    /// Takes a piece of the body, decompressed; `false` ends the transfer.
    private func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !stop.isStopped else {
            failure = .cancelled(request.url.description)
            return false
        }
        byteCount += bytes.count
        guard head.status == 200 else {
            kept.append(contentsOf: bytes.prefix(HTTPTransfer.keptLimit - kept.count))
            isEnough = kept.count == HTTPTransfer.keptLimit
            return !isEnough
        }
        do throws(SourceError) {
            try begin()
            guard byteCount <= request.limit else { throw tooLarge() }
            try onBody(bytes)
            return true
        } catch {
            failure = error
            return false
        }
    }
}

// MARK: - Errors

extension HTTPTransfer {
    private func error(_ message: String, _ advice: String) -> SourceError {
        SourceError(.incomplete, subject: request.url.description, message: message, advice: advice)
    }

    private func tooLarge() -> SourceError {
        let form = head.isGzip ? " once decompressed; \(received) bytes came so far, as gzip" : ""
        return error(
            "the answer is larger than the cap of \(request.limit) bytes\(form)", "ask for smaller pages, or look at what the server sends")
    }

    private func damaged(_ how: String) -> SourceError {
        error(
            "the answer comes as gzip and \(how), after \(received) bytes (\(byteCount) decompressed)",
            "look for a proxy or a server that breaks HTTP")
    }
}

// MARK: - Callbacks

extension HTTPTransfer {
    static let headSink: rollcall_curl_sink = { bytes, size, count, context in
        take(bytes, size, count, context) { $0.takeHead($1) }
    }

    static let bodySink: rollcall_curl_sink = { bytes, size, count, context in
        take(bytes, size, count, context) { $0.takeBody($1) }
    }

    /// Gives the bytes that were taken; another number ends the transfer.
    private static func take(
        _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ body: (HTTPTransfer, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Int {
        let (total, overflow) = size.multipliedReportingOverflow(by: count)
        guard let context, let bytes, !overflow, total > 0 else { return total }
        let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
        return bytes.withMemoryRebound(to: UInt8.self, capacity: total) { start in
            body(transfer, UnsafeBufferPointer(start: start, count: total)) ? total : 0
        }
    }
}
