/// Compares the source's own marks of how far its data goes.
public enum Watermark {
    /// Whether `now` is behind `before`: the answer came from a replica that lags, or from one that was put back.
    ///
    /// A mark is a list of change sequence numbers (`20261121183000.000000Z#000000#001#000000`), one for each server that
    /// writes; each is compared with the one of the same server. Marks of another form are not compared.
    public static func isBehind(_ now: String, _ before: String) -> Bool {
        let present = numbers(in: now)
        return numbers(in: before).contains { server, former in present[server].map { $0 < former } ?? false }
    }

    private static func numbers(in mark: String) -> [Substring: Substring] {
        var result: [Substring: Substring] = [:]
        for part in mark.split(whereSeparator: { $0 == " " || $0 == ";" || $0 == "\n" || $0 == "," }) {
            let fields = part.split(separator: "#", omittingEmptySubsequences: false)
            guard fields.count == 4, fields[0].hasSuffix("Z") else { continue }
            result[fields[2]] = max(result[fields[2]] ?? part, part)
        }
        return result
    }
}
