import Testing

@testable import RollcallLDAP

@Suite("Page ledger")
struct PageLedgerTests {
    @Test("Pages are counted until a cookie is empty")
    func counts() throws {
        var ledger = PageLedger(isCookieUnique: true)
        for page in UInt8(1)...5 {
            #expect(try ledger.turn(cookie: [page], entries: 10, firstEntry: []) == [page])
        }
        #expect(try ledger.turn(cookie: [], entries: 0, firstEntry: []) == nil)
        #expect(ledger.pages == 6)
    }

    @Test("An answer without the paging control is a fault, even when it would have been the last")
    func missing() {
        var ledger = PageLedger(isCookieUnique: true)
        #expect(throws: PageLedger.Fault.controlMissing) { try ledger.turn(cookie: nil, entries: 10, firstEntry: []) }
    }

    @Test("Cookies that go round are found, whatever the length of the round", arguments: [1, 2, 3, 7, 50, 1000])
    func rounds(_ length: Int) {
        var ledger = PageLedger(isCookieUnique: true)
        #expect(throws: PageLedger.Fault.cookieRepeated) {
            for page in 0..<(10 * length + 10) {
                let number = UInt16(page % length)
                _ = try ledger.turn(cookie: [UInt8(number >> 8), UInt8(number & 255)], entries: 10, firstEntry: [])
            }
        }
    }

    @Test("A cookie that names the search instead of the page is fine as long as the pages differ")
    func constantCookie() throws {
        var ledger = PageLedger(isCookieUnique: false)
        for page in UInt8(1)...100 {
            #expect(try ledger.turn(cookie: [0], entries: 10, firstEntry: [page]) == [0])
        }
        #expect(throws: PageLedger.Fault.cookieRepeated) { try ledger.turn(cookie: [0], entries: 10, firstEntry: [100]) }
    }

    @Test("Some empty pages are fine, a thousand in a row are not")
    func emptyPages() throws {
        var ledger = PageLedger(isCookieUnique: true)
        for page in 1..<PageLedger.emptyPageLimit {
            _ = try ledger.turn(cookie: [UInt8(page >> 8), UInt8(page & 255)], entries: 0, firstEntry: [])
        }
        #expect(throws: PageLedger.Fault.emptyPages(PageLedger.emptyPageLimit)) {
            try ledger.turn(cookie: [9, 9, 9], entries: 0, firstEntry: [])
        }
    }
}
