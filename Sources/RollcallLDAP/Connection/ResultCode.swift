/// A result code of RFC 4511 section 4.1.9, with its name and what an admin can do about it.
struct ResultCode: Hashable, Sendable, CustomStringConvertible {
    let number: Int

    init(_ number: Int32) {
        self.number = Int(number)
    }

    static let success = ResultCode(0)
    static let referral = ResultCode(10)
    static let noSuchObject = ResultCode(32)
    static let invalidCredentials = ResultCode(49)

    /// The code as `4 (sizeLimitExceeded)`.
    var description: String { "\(number) (\(name))" }

    var name: String {
        switch number {
        case 0: "success"
        case 1: "operationsError"
        case 2: "protocolError"
        case 3: "timeLimitExceeded"
        case 4: "sizeLimitExceeded"
        case 7: "authMethodNotSupported"
        case 8: "strongerAuthRequired"
        case 10: "referral"
        case 11: "adminLimitExceeded"
        case 12: "unavailableCriticalExtension"
        case 13: "confidentialityRequired"
        case 14: "saslBindInProgress"
        case 16: "noSuchAttribute"
        case 17: "undefinedAttributeType"
        case 18: "inappropriateMatching"
        case 19: "constraintViolation"
        case 21: "invalidAttributeSyntax"
        case 32: "noSuchObject"
        case 33: "aliasProblem"
        case 34: "invalidDNSyntax"
        case 48: "inappropriateAuthentication"
        case 49: "invalidCredentials"
        case 50: "insufficientAccessRights"
        case 51: "busy"
        case 52: "unavailable"
        case 53: "unwillingToPerform"
        case 54: "loopDetect"
        case 80: "other"
        default: number < 0 ? "client error" : "unknown code"
        }
    }

    /// What to do about a search that ended with this code.
    ///
    /// - Parameters:
    ///   - base: The base that was searched.
    ///   - pageSize: The page size that was asked for.
    func searchAdvice(base: String, pageSize: Int) -> String {
        switch number {
        case 1: "look into the server's log; some servers say so when the bind was not accepted"
        case 3: "raise the server's time limit for this account (slapd: limits … time=unlimited; 389-ds: nsTimeLimit)"
        case 4:
            """
            raise the server's size limit for this account (slapd: limits … size.prtotal=unlimited size=unlimited; 389-ds: \
            nsSizeLimit); a smaller source.page_size (now \(pageSize)) does not help
            """
        case 10: "the base lies on another server; point source.url at the server that holds it"
        case 11: "the server takes no page of \(pageSize): lower source.page_size, or raise its limit (slapd: limits … size.pr)"
        case 12: "the server cannot page results (RFC 2696); allow the control, or read another server"
        case 32: "correct the base \(base), or let this account see it"
        case 34: "correct the base \(base)"
        case 50: "give this account read access below \(base)"
        case 51, 52: "the server is overloaded or going down; try again later"
        case 53: "the server refuses this search; look into its log and its limits (slapd: limits … size.unchecked, an index is missing)"
        default: "look into the server's log"
        }
    }

    /// What to do about a bind that ended with this code.
    var bindAdvice: String {
        switch number {
        case 7: "the server does not offer this way of binding; choose another source.bind"
        case 8, 13: "the server wants an encrypted channel: use ldaps:// or start_tls"
        case 19: "the account is probably locked after refused binds: unlock it on the server; \(ResultCode.lockout)"
        case 48: "the server does not accept this kind of bind for this account; choose another source.bind"
        case 49: "correct the bind DN or the password, or unlock the account; \(ResultCode.lockout)"
        case 53: "the server refuses this bind; an account may be locked, or anonymous binds may be off; \(ResultCode.lockout)"
        default: "look into the server's log"
        }
    }

    /// Why a refused bind is the last one of a command.
    private static let lockout = "refused binds lock an account, so this command binds no second time, at this server or another one"
}
