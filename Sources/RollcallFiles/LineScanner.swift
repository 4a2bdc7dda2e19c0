import Glibc
import RollcallCore

/// One logical line of an LDIF file: folded pieces joined, line end removed. The bytes are valid only while it is handled.
struct Line {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The number, from 1, of the line in the file on which it begins.
    let number: Int
    /// Whether the line is longer than what is kept of it.
    let isCut: Bool
    /// Whether a line end followed; `false` only for the last line of a file that lacks it.
    let isEnded: Bool
}

/// What a ``LineScanner`` hands its lines to.
protocol LineHandler {
    /// Takes the next logical line; an empty one separates records.
    mutating func handle(_ line: Line) throws(SourceError)
}

/// Cuts chunks of bytes into logical lines (RFC 2849, notes 2 to 4), wherever the chunks happen to end.
///
/// A line ends with LF, CRLF or a bare CR. A line that begins with a space or a tab goes on with the one before, without that byte;
/// an empty line is never continued. A line that lies whole in one chunk is handed on without being copied.
struct LineScanner {
    private let limit: Int
    private var pending: [UInt8] = []
    private var isOpen = false
    private var isCut = false
    private var isAtLineStart = true
    private var endedWithReturn = false
    /// The number, from 1, of the line that was reached.
    private(set) var number = 1
    private var firstNumber = 1

    /// A scanner that keeps at most `limit` bytes of a line.
    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    @inline(__always)
    private static func isFold(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Takes the next bytes of the file. The last line is held back, because it may go on.
    mutating func scan(_ chunk: UnsafeBufferPointer<UInt8>, into handler: inout some LineHandler) throws(SourceError) {
        var ends = LineEnds(chunk)
        var index = 0
        while index < chunk.count {
            if endedWithReturn {
                endedWithReturn = false
                if chunk[index] == Self.lineFeed {
                    index += 1
                    continue
                }
            }
            if isAtLineStart {
                if isOpen, Self.isFold(chunk[index]) {
                    isAtLineStart = false
                    index += 1
                    continue
                }
                try handPending(to: &handler)
                firstNumber = number
                let end = ends.first(from: index)
                if end < chunk.count {
                    let isReturn = chunk[end] == Self.carriageReturn
                    let next = isReturn && end + 1 < chunk.count && chunk[end + 1] == Self.lineFeed ? end + 2 : end + 1
                    if end == index || (next < chunk.count && !Self.isFold(chunk[next])) {
                        endedWithReturn = isReturn && next == chunk.count && next == end + 1
                        number += 1
                        let isCut = end - index > limit
                        let bytes = UnsafeBufferPointer(rebasing: chunk[index..<(isCut ? index + limit : end)])
                        index = next
                        try handler.handle(Line(bytes: bytes, number: firstNumber, isCut: isCut, isEnded: true))
                        continue
                    }
                }
                isOpen = true
                isAtLineStart = false
            }
            let end = ends.first(from: index)
            keep(chunk[index..<end])
            index = end
            if end < chunk.count {
                endedWithReturn = chunk[end] == Self.carriageReturn
                isAtLineStart = true
                number += 1
                index += 1
            }
        }
    }

    /// Hands on the line that was held back. Call it once, at the end of the file.
    mutating func finish(into handler: inout some LineHandler) throws(SourceError) {
        try handPending(to: &handler)
    }

    private mutating func keep(_ piece: Slice<UnsafeBufferPointer<UInt8>>) {
        let room = limit - pending.count
        if piece.count > room { isCut = true }
        pending.append(contentsOf: piece.prefix(room))
    }

    private mutating func handPending(to handler: inout some LineHandler) throws(SourceError) {
        guard isOpen else { return }
        let (number, isCut, isEnded) = (firstNumber, isCut, isAtLineStart)
        var line: [UInt8] = []
        swap(&line, &pending)
        isOpen = false
        self.isCut = false
        try line.withUnsafeBufferPointer { (bytes) throws(SourceError) in
            try handler.handle(Line(bytes: bytes, number: number, isCut: isCut, isEnded: isEnded))
        }
        line.removeAll(keepingCapacity: true)
        swap(&line, &pending)
    }
}

/// Finds the line ends of one chunk in one pass, however LF and CR are mixed in it.
private struct LineEnds {
    private let chunk: UnsafeBufferPointer<UInt8>
    private let hasReturn: Bool
    private var lineFeed = -1

    init(_ chunk: UnsafeBufferPointer<UInt8>) {
        self.chunk = chunk
        hasReturn = chunk.baseAddress.map { memchr($0, 0x0D, chunk.count) != nil } ?? false
    }

    /// The index of the first LF or CR at or after `index`; the chunk's count when there is none.
    @inline(__always)
    mutating func first(from index: Int) -> Int {
        guard let base = chunk.baseAddress else { return 0 }
        if lineFeed < index { lineFeed = Self.find(0x0A, base, index, chunk.count) }
        return hasReturn ? Self.find(0x0D, base, index, lineFeed) : lineFeed
    }

    @inline(__always)
    private static func find(_ byte: Int32, _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        guard let found = memchr(base + start, byte, end - start) else { return end }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
