internal import GRDBSQLite
internal import RollcallCore

/// One prepared statement. Parameters are numbered from 1, columns from 0.
///
/// Bound values are copied to a small buffer of the statement's own, so that SQLite need not allocate for each of them. They hold
/// until ``run()`` or ``reset()``; then every parameter is bound anew, the first one first.
final class Statement {
    private let handle: OpaquePointer
    private let connection: Connection
    private let scratch = UnsafeMutableRawPointer.allocate(byteCount: Statement.scratchSize, alignment: 8)
    private var used = 0
    private static let scratchSize = 4096

    init(_ handle: OpaquePointer, _ connection: Connection) {
        self.handle = handle
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(handle)
        scratch.deallocate()
    }

    /// A copy of the bytes that outlives the call; `nil` when the buffer is full.
    private func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard let start = bytes.baseAddress, bytes.count <= Statement.scratchSize - used else { return nil }
        let place = scratch + used
        place.copyMemory(from: start, byteCount: bytes.count)
        used += bytes.count
        return UnsafeRawPointer(place)
    }

    /// Makes room for new values once the first parameter is bound: by then none of the old ones is read any more.
    private func beginValues(_ index: Int32) {
        if index == 1 { used = 0 }
    }

    /// Goes to the next row; `false` when there is none.
    func step() throws(StoreError) -> Bool {
        let code = TornIndex.retry {
            let code = sqlite3_step(handle)
            if code == TornIndex.code { sqlite3_reset(handle) }
            return code
        }
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            sqlite3_reset(handle)
            throw connection.failure(code)
        }
    }

    /// Runs to the end and makes ready for the next run.
    func run() throws(StoreError) {
        let code = sqlite3_step(handle)
        sqlite3_reset(handle)
        used = 0
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw connection.failure(code) }
    }

    /// Ends a query early or late, and makes ready for new values.
    func reset() {
        sqlite3_reset(handle)
        used = 0
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Int64) -> Statement {
        sqlite3_bind_int64(handle, index, value)
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Int64?) -> Statement {
        if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Int) -> Statement {
        bind(index, Int64(value))
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Bool) -> Statement {
        bind(index, value ? 1 : 0)
    }

    @discardableResult
    func bind(_ index: Int32, _ bytes: [UInt8]) -> Statement {
        bytes.withUnsafeBytes { bind(index, $0) }
    }

    @discardableResult
    func bind(_ index: Int32, _ bytes: [UInt8]?) -> Statement {
        if let bytes { bind(index, bytes) } else { sqlite3_bind_null(handle, index) }
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer) -> Statement {
        beginValues(index)
        if bytes.isEmpty {
            sqlite3_bind_zeroblob(handle, index, 0)
        } else if let kept = keep(bytes) {
            sqlite3_bind_blob64(handle, index, kept, sqlite3_uint64(bytes.count), nil)
        } else {
            sqlite3_bind_blob64(handle, index, bytes.baseAddress, sqlite3_uint64(bytes.count), transient)
        }
        return self
    }

    /// Binds bytes that stay where they are until the statement has run: for what is too large to be copied.
    @discardableResult
    func bind(_ index: Int32, lent bytes: UnsafeRawBufferPointer) -> Statement {
        if bytes.isEmpty {
            sqlite3_bind_zeroblob(handle, index, 0)
        } else {
            sqlite3_bind_blob64(handle, index, bytes.baseAddress, sqlite3_uint64(bytes.count), nil)
        }
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ digest: ShortDigest) -> Statement {
        withUnsafeBytes(of: (digest.high.bigEndian, digest.low.bigEndian)) { bind(index, $0) }
    }

    @discardableResult
    func bind(_ index: Int32, _ digest: Digest) -> Statement {
        digest.withBytes { bind(index, $0) }
    }

    @discardableResult
    func bind(_ index: Int32, text: Text) -> Statement {
        text.utf8.withUnsafeBytes { bind(index, utf8: $0) }
    }

    /// Binds a folded key as text.
    @discardableResult
    func bind(_ index: Int32, utf8 key: FoldedKey?) -> Statement {
        if let key { key.bytes.withUnsafeBytes { _ = bind(index, utf8: $0) } } else { sqlite3_bind_null(handle, index) }
        return self
    }

    /// Binds bytes that are known to be text.
    @discardableResult
    func bind(_ index: Int32, utf8 bytes: UnsafeRawBufferPointer) -> Statement {
        beginValues(index)
        if bytes.isEmpty {
            sqlite3_bind_text(handle, index, "", 0, nil)
        } else {
            let kept = keep(bytes)
            let start = (kept ?? bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            sqlite3_bind_text64(handle, index, start, sqlite3_uint64(bytes.count), kept == nil ? transient : nil, UInt8(SQLITE_UTF8))
        }
        return self
    }

    /// Makes every parameter NULL, for a statement that binds only some of them.
    @discardableResult
    func bindNothing() -> Statement {
        used = 0
        sqlite3_clear_bindings(handle)
        return self
    }

    @discardableResult
    func bind(_ index: Int32, text: Text?) -> Statement {
        if let text { bind(index, text: text) } else { sqlite3_bind_null(handle, index) }
        return self
    }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    func number(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    func optionalNumber(_ column: Int32) -> Int64? {
        isNull(column) ? nil : number(column)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        Array(lent(column))
    }

    /// A column's bytes, lent until the statement moves on.
    func lent(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// A column of text. What an application may have written is text by the table's own type; bytes that are none become U+FFFD.
    func text(_ column: Int32) -> Text {
        let raw = lent(column)
        return Text(raw.bindMemory(to: UInt8.self)) ?? Text(String(decoding: raw, as: UTF8.self))
    }

    func optionalText(_ column: Int32) -> Text? {
        isNull(column) ? nil : text(column)
    }

    func shortDigest(_ column: Int32) -> ShortDigest? {
        ShortDigest(bytes: lent(column))
    }
}

/// Tells SQLite to copy what it is given: `SQLITE_TRANSIENT`, which does not import.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
