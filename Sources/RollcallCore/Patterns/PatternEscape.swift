/// What a backslash and the characters after it stand for.
enum PatternEscape {
    case scalar(UInt32)
    case set(ScalarSet)

    /// Reads what follows the backslash at `start`.
    static func parse(_ cursor: inout PatternCursor, from start: Int) throws(PatternSyntaxError) -> PatternEscape {
        guard let character = cursor.next() else { throw cursor.error("the pattern ends after a backslash", at: start) }
        switch character {
        case "d": return .set(.digits)
        case "D": return .set(ScalarSet.digits.inverted)
        case "w": return .set(.word)
        case "W": return .set(ScalarSet.word.inverted)
        case "s": return .set(.space)
        case "S": return .set(ScalarSet.space.inverted)
        case "n": return .scalar(0x0A)
        case "r": return .scalar(0x0D)
        case "t": return .scalar(0x09)
        case "f": return .scalar(0x0C)
        case "v": return .scalar(0x0B)
        case "x": return .scalar(try hexadecimal(&cursor, from: start))
        case "0"..."9", "k", "g":
            throw cursor.error("backreferences are not supported, for they cannot be matched in linear time", at: start)
        case "b", "B", "A", "z", "Z", "G": throw cursor.error("the only anchors are ^ and $", at: start)
        case "p", "P": throw cursor.error("Unicode properties are not supported; name the range of characters", at: start)
        case "a"..."z", "A"..."Z": throw cursor.error("\\\(character) means nothing here", at: start)
        default: return .scalar(character.value)
        }
    }

    /// Reads `HH` or `{H…}` after `\x`.
    private static func hexadecimal(_ cursor: inout PatternCursor, from start: Int) throws(PatternSyntaxError) -> UInt32 {
        let braced = cursor.take("{")
        var value: UInt32 = 0
        var count = 0
        while count < (braced ? 6 : 2), let next = cursor.peek, next.isASCII,
            let digit = HexText.value(UInt8(truncatingIfNeeded: next.value))
        {
            value = value << 4 | UInt32(digit)
            count += 1
            _ = cursor.next()
        }
        guard braced ? count > 0 && cursor.take("}") : count == 2, let scalar = Unicode.Scalar(value) else {
            throw cursor.error("write two hexadecimal digits after \\x, or up to six in braces", at: start)
        }
        return scalar.value
    }
}
