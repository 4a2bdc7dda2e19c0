internal import RollcallCore

/// Does something with the store; says why and ends the command when that fails.
func orFail<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as StoreError {
        Terminal.say("\(error)")
        throw ExitStatus(error).exit
    }
}
