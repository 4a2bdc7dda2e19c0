import RollcallCore

/// What a ``CSVScanner`` hands its cells to.
protocol CellHandler {
    /// Takes the next cell of the row that begins on `line`. The bytes are valid only while it is handled.
    mutating func handleCell(_ bytes: UnsafeBufferPointer<UInt8>, line: Int, isCut: Bool) throws(SourceError)

    /// Takes the end of the row.
    mutating func handleRowEnd(line: Int) throws(SourceError)
}

/// Cuts chunks of bytes into the cells of RFC 4180, wherever the chunks happen to end.
///
/// A row ends with LF, CRLF or a bare CR; the last one may lack its end. A line with nothing on it is no row.
struct CSVScanner {
    private enum State {
        case cellStart
        case plain
        case quoted
        /// After a quote inside of quotes: it either is the first of two or closes the cell.
        case afterQuote
    }

    private let place: FilePlace
    private let separator: UInt8
    private let limit: Int
    private var state = State.cellStart
    private var cell: [UInt8] = []
    private var isCut = false
    private var cellsInRow = 0
    private var endedWithReturn = false
    /// The number, from 1, of the line that was reached.
    private(set) var line = 1
    private var rowLine = 1
    private var quoteLine = 1

    /// A scanner that keeps at most `limit` bytes of a cell.
    init(_ place: FilePlace, separator: UInt8, limit: Int) {
        self.place = place
        self.separator = separator
        self.limit = limit
    }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Takes the next bytes of the file.
    mutating func scan(_ chunk: UnsafeBufferPointer<UInt8>, into handler: inout some CellHandler) throws(SourceError) {
        var index = 0
        while index < chunk.count {
            let byte = chunk[index]
            let isFeedOfReturn = endedWithReturn && byte == Self.lineFeed
            endedWithReturn = false
            switch state {
            case .cellStart, .plain:
                if isFeedOfReturn {
                    index += 1
                } else if byte == separator {
                    if state == .cellStart, cellsInRow == 0 { rowLine = line }
                    try endCell(into: &handler)
                    index += 1
                } else if byte == Self.lineFeed || byte == Self.carriageReturn {
                    try endRow(into: &handler)
                    countLine(byte)
                    index += 1
                } else if byte == Self.quote {
                    guard state == .cellStart else {
                        throw place.malformed(
                            line, "a quote inside a value that has none around it",
                            advice: "put quotes around the value and double this one")
                    }
                    if cellsInRow == 0 { rowLine = line }
                    quoteLine = line
                    state = .quoted
                    index += 1
                } else {
                    if state == .cellStart, cellsInRow == 0 { rowLine = line }
                    state = .plain
                    let end = plainEnd(chunk, from: index)
                    keep(chunk[index..<end])
                    index = end
                }
            case .quoted:
                if byte == Self.quote {
                    state = .afterQuote
                    index += 1
                    continue
                }
                if !isFeedOfReturn, byte == Self.lineFeed || byte == Self.carriageReturn { countLine(byte) }
                let end = byte == Self.lineFeed || byte == Self.carriageReturn ? index + 1 : quotedEnd(chunk, from: index)
                keep(chunk[index..<end])
                index = end
            case .afterQuote:
                if byte == Self.quote {
                    keep(chunk[index..<(index + 1)])
                    state = .quoted
                    index += 1
                } else if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn {
                    state = .plain
                } else {
                    throw place.malformed(line, "text after the closing quote of a value", advice: "double every quote inside of a value")
                }
            }
        }
    }

    /// Takes the end of the file.
    ///
    /// - Throws: ``SourceError`` when it lies inside quotes.
    mutating func finish(into handler: inout some CellHandler) throws(SourceError) {
        guard state != .quoted else {
            throw place.malformed(
                quoteLine, "the quote that opens here is never closed", advice: "if the file was cut short, write the export again")
        }
        try endRow(into: &handler)
    }

    private func plainEnd(_ chunk: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end < chunk.count {
            let byte = chunk[end]
            if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn || byte == Self.quote { break }
            end += 1
        }
        return end
    }

    private func quotedEnd(_ chunk: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end < chunk.count {
            let byte = chunk[end]
            if byte == Self.quote || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            end += 1
        }
        return end
    }

    private mutating func countLine(_ byte: UInt8) {
        line += 1
        endedWithReturn = byte == Self.carriageReturn
    }

    private mutating func keep(_ piece: Slice<UnsafeBufferPointer<UInt8>>) {
        let room = limit - cell.count
        if piece.count > room { isCut = true }
        cell.append(contentsOf: piece.prefix(room))
    }

    private mutating func endCell(into handler: inout some CellHandler) throws(SourceError) {
        let (line, isCut) = (rowLine, isCut)
        var bytes: [UInt8] = []
        swap(&bytes, &cell)
        try bytes.withUnsafeBufferPointer { (bytes) throws(SourceError) in
            try handler.handleCell(bytes, line: line, isCut: isCut)
        }
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &cell)
        self.isCut = false
        cellsInRow += 1
        state = .cellStart
    }

    private mutating func endRow(into handler: inout some CellHandler) throws(SourceError) {
        if state == .cellStart, cellsInRow == 0 { return }
        try endCell(into: &handler)
        cellsInRow = 0
        try handler.handleRowEnd(line: rowLine)
    }
}
