/// The steps that turn the bytes of a text into the bytes of its ``FoldedKey``.
enum Folding {
    private static let ypogegrammeni: UInt32 = 0x0345
    private static let iota: UInt32 = 0x03B9

    /// The key of bytes that are all ASCII, or `nil` when some are not.
    static func asciiKey(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        guard all < 0x80 else { return nil }
        var start = 0
        var end = bytes.count
        while start < end, Text.isASCIISpace(bytes[start]) { start &+= 1 }
        while start < end, Text.isASCIISpace(bytes[end &- 1]) { end &-= 1 }
        return [UInt8](unsafeUninitializedCapacity: end &- start) { key, count in
            for index in start..<end {
                let byte = bytes[index]
                key[index &- start] = byte | (byte &- 0x41 < 26 ? 0x20 : 0)
            }
            count = end &- start
        }
    }

    /// The key of any valid UTF-8.
    static func key(_ bytes: [UInt8]) -> [UInt8] {
        let tables = FoldTables.shared
        var scalars = decomposed(bytes, tables)
        order(&scalars, tables)
        compose(&scalars, tables)
        return Text.trimmedBytes(encoded(scalars))
    }

    /// Every scalar folded and fully decomposed, save that U+0345 waits until the marks are in order.
    static func decomposed(_ bytes: [UInt8], _ tables: FoldTables) -> [UInt32] {
        var scalars: [UInt32] = []
        scalars.reserveCapacity(bytes.count)
        bytes.withUnsafeBufferPointer { bytes in
            var reader = ScalarReader(bytes)
            while let scalar = reader.next() {
                if scalar < 0x80 {
                    scalars.append(scalar &- 0x41 < 26 ? scalar | 0x20 : scalar)
                } else if Hangul.isSyllable(scalar) {
                    Hangul.appendLetters(of: scalar, to: &scalars)
                } else if let folded = tables.folded(scalar) {
                    scalars.append(contentsOf: folded)
                } else {
                    scalars.append(scalar)
                }
            }
        }
        return scalars
    }

    /// Puts each run of combining marks into canonical order, then folds U+0345, which is a mark before and a letter after.
    private static func order(_ scalars: inout [UInt32], _ tables: FoldTables) {
        var index = 0
        while index < scalars.count {
            if scalars[index] < 0x0300 || tables.combiningClass(scalars[index]) == 0 {
                index &+= 1
                continue
            }
            let start = index
            var last: UInt8 = 0
            var isOrdered = true
            while index < scalars.count, case let mark = tables.combiningClass(scalars[index]), mark != 0 {
                isOrdered = isOrdered && last <= mark
                last = mark
                index &+= 1
            }
            if !isOrdered {
                // Class, position and scalar in one number: the sort is stable and never quadratic.
                var marks = (start..<index).map { position in
                    UInt64(tables.combiningClass(scalars[position])) << 56 | UInt64(position &- start) << 21 | UInt64(scalars[position])
                }
                marks.sort()
                for (position, mark) in marks.enumerated() {
                    scalars[start &+ position] = UInt32(truncatingIfNeeded: mark & 0x1F_FFFF)
                }
            }
            for position in start..<index where scalars[position] == ypogegrammeni { scalars[position] = iota }
        }
    }

    /// Canonical composition in place (Unicode, D117).
    private static func compose(_ scalars: inout [UInt32], _ tables: FoldTables) {
        var length = 0
        var starter: Int?
        /// The class of the last scalar kept after the starter, -1 when there is none.
        var last = -1
        for index in scalars.indices {
            let scalar = scalars[index]
            let mark = scalar < 0x0300 ? 0 : Int(tables.combiningClass(scalar))
            if let starter, last < mark, scalar >= 0x0300, let composite = tables.composition(scalars[starter], scalar) {
                scalars[starter] = composite
                continue
            }
            if mark == 0 {
                starter = length
                last = -1
            } else {
                last = mark
            }
            scalars[length] = scalar
            length &+= 1
        }
        scalars.removeLast(scalars.count &- length)
    }

    private static func encoded(_ scalars: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scalars.count &* 2)
        for scalar in scalars {
            if scalar < 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: scalar))
                continue
            }
            if scalar < 0x800 {
                bytes.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
            } else {
                if scalar < 0x1_0000 {
                    bytes.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
                } else {
                    bytes.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
                    bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F))
                }
                bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
            }
            bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
        }
        return bytes
    }
}
