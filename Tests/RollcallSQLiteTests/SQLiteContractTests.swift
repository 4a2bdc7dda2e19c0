import RollcallTesting
import Testing

@Suite("The SQLite store keeps the contract of stores")
struct SQLiteContractTests {
    @Test("the contract", arguments: UserStoreContract.cases)
    func contract(_ contractCase: UserStoreContract.Case) throws {
        try contractCase.run(try SQLiteContractStore())
    }
}
