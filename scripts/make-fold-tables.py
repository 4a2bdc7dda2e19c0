#!/usr/bin/env python3
"""Write Sources/RollcallCore/Text/FoldTables+Data.swift from Python's Unicode data.

Usage: python3 scripts/make-fold-tables.py

The tables hold, for every scalar value that folding changes, its folded compatibility decomposition; the canonical combining
classes; the canonical compositions that folded text can need; and the default-ignorable ranges. Hangul syllables are
computed by the reader, and U+0345 is kept because it has to be put in order before it is folded.

A Python with another Unicode version writes other tables. Keys already stored were folded with the old ones, so raise
FoldedKey.version together with them; the script refuses until EXPECTED below is changed, as a reminder.
"""

import base64
import os
import sys
import unicodedata

EXPECTED = "14.0.0"
TARGET = os.path.join(os.path.dirname(__file__), "..", "Sources", "RollcallCore", "Text", "FoldTables+Data.swift")
YPOGEGRAMMENI = "\u0345"

# Default_Ignorable_Code_Point of DerivedCoreProperties.txt, which Python does not carry.
IGNORABLE = [
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]


def is_ignorable(char):
    return any(first <= ord(char) <= last for first, last in IGNORABLE)


def scalars():
    for value in range(0x110000):
        if not (0xD800 <= value <= 0xDFFF or 0xAC00 <= value <= 0xD7A3):
            yield chr(value)


def folded(char):
    """The folded compatibility decomposition of one scalar value, with U+0345 left in place."""
    old, new = None, char
    while old != new:
        old = new
        new = unicodedata.normalize("NFKD", old)
        new = "".join(c if c == YPOGEGRAMMENI else c.casefold() for c in new if not is_ignorable(c))
        new = unicodedata.normalize("NFKD", new)
    return new


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value):
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def mappings():
    """Per scalar: its distance from the one before, the number of scalars it becomes, and each of them relative to it."""
    out, last, table = bytearray(), 0, {}
    for char in scalars():
        if is_ignorable(char):
            continue
        new = folded(char)
        table[char] = new
        if new == char:
            continue
        out += varint(ord(char) - last) + varint(len(new))
        for c in new:
            out += signed(ord(c) - ord(char))
        last = ord(char)
    return bytes(out), table


def runs(values):
    """Per run of equal non-zero values: distance from the end of the run before, length, value."""
    out, last, start, current = bytearray(), 0, 0, 0
    for position in range(0x110001):
        value = values.get(position, 0)
        if value != current:
            if current:
                out += varint(start - last) + varint(position - start) + varint(current)
                last = position
            start, current = position, value
    return bytes(out)


def compositions(table):
    """Per pair: the composed scalar as a distance from the one before, and its two parts relative to it."""
    out, last = bytearray(), 0
    for char, new in table.items():
        parts = unicodedata.decomposition(char).split()
        if len(parts) != 2 or parts[0].startswith("<") or unicodedata.normalize("NFC", char) != char:
            continue
        if new != unicodedata.normalize("NFD", char):
            continue
        out += varint(ord(char) - last)
        for part in parts:
            out += signed(int(part, 16) - ord(char))
        last = ord(char)
    return bytes(out)


def literal(name, comment, data):
    text = base64.b64encode(data).decode().rstrip("=")
    lines = [text[i : i + 128] for i in range(0, len(text), 128)]
    body = "\\\n".join("        " + line for line in lines)
    return f'    /// {comment}\n    static let {name}: StaticString = """\n{body}\n        """\n'


def main():
    if unicodedata.unidata_version != EXPECTED:
        sys.exit(f"Unicode {unicodedata.unidata_version} instead of {EXPECTED}: raise FoldedKey.version and EXPECTED together")
    mapped, table = mappings()
    classes = {ord(c): unicodedata.combining(c) for c in scalars() if unicodedata.combining(c)}
    ignorable = {value: 1 for first, last in IGNORABLE for value in range(first, last + 1)}
    with open(TARGET, "w", encoding="ascii") as out:
        out.write("// Written by scripts/make-fold-tables.py; change that instead.\n\n")
        out.write("extension FoldTables {\n")
        out.write(f'    /// The version of Unicode that the tables were made from.\n    static let unicodeVersion = "{EXPECTED}"\n\n')
        out.write(literal("mappingData", "Scalars and what they fold to: variable-length integers in base64.", mapped) + "\n")
        out.write(literal("classData", "Runs of canonical combining classes.", runs(classes)) + "\n")
        out.write(literal("ignorableData", "Runs of default-ignorable scalars.", runs(ignorable)) + "\n")
        out.write(literal("compositionData", "Composed scalars and their two parts.", compositions(table)))
        out.write("}\n")


if __name__ == "__main__":
    main()
