internal import RollcallCore

extension Connection {
    /// The first of very many numbers that no row of `table` has as its id, behind all others if there is room.
    ///
    /// An application may have given the largest number that there is.
    func freeIDs(of table: String) throws(StoreError) -> Int64 {
        let room: Int64 = 1 << 40
        let largest = try prepare("SELECT max(id) FROM \(table) WHERE id <= ?1")
        var end = Int64.max
        while end >= room {
            largest.bind(1, end)
            let last = try largest.step() && !largest.isNull(0) ? max(largest.number(0), 0) : 0
            largest.reset()
            if last <= end - room { return last + 1 }
            end /= 2
        }
        throw StoreError(.corrupt, subject: subject, message: "the table \(table) has no room for another id")
    }

    /// The number of the next run.
    func nextRun() throws(StoreError) -> Int64 {
        let last = try number("SELECT max(seq) FROM runs") ?? 0
        guard last >= 0, last < Int64.max else {
            throw StoreError(
                .corrupt, subject: subject, message: "the number of the last run is \(last), after which none can come",
                advice: "run `rollcall audit verify`; restore the store from a backup")
        }
        return last + 1
    }
}
