/// The attributes that are never kept: passwords, their hashes and histories, keys and tokens.
///
/// A name is judged without its options and without regard to letter case, `-` and `_`. When and how often a password was changed
/// or mistyped is no secret.
public enum SecretAttributes {
    /// Whether values of the attribute must stay where they are.
    public static func contains(_ name: AttributeName) -> Bool {
        contains(description: name.folded)
    }

    /// Whether values of the attribute must stay where they are; anything may stand here, also what is no attribute's name.
    public static func contains(description: some Collection<UInt8>) -> Bool {
        var word: [UInt8] = []
        for byte in description {
            if byte == UInt8(ascii: ";") { break }
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") { continue }
            word.append(AttributeName.lowercased(byte))
        }
        return words.contains(word) || endings.contains { word.count >= $0.count && word.suffix($0.count).elementsEqual($0) }
    }

    /// Names that no ending gives away, numeric ones of the best known among them.
    private static let words = Set(
        [
            // userPassword, authPassword, unicodePwd, dBCSPwd, ntPwdHistory, lmPwdHistory by their numbers.
            "2.5.4.35", "1.3.6.1.4.1.4203.1.3.4", "1.2.840.113556.1.4.90", "1.2.840.113556.1.4.55", "1.2.840.113556.1.4.94",
            "1.2.840.113556.1.4.160",
            // Active Directory and Samba.
            "supplementalcredentials", "initialauthincoming", "initialauthoutgoing", "trustauthincoming", "trustauthoutgoing",
            "msdskeycredentiallink", "mslapsencryptedpasswordhistory", "mslapsencrypteddsrmpassword", "mslapsencrypteddsrmpasswordhistory",
            "msmcsadmpwdhistory", "mspkiaccountcredentials", "mspkidpapimasterkeys", "msdsmanagedpasswordid",
            "msdsmanagedpasswordpreviousid", "sambapreviousclearpassword",
            // Kerberos, FreeIPA, certificates with their keys, one-time passwords.
            "krbprincipalkey", "krbmkey", "krb5key", "krbextradata", "krbpwdhistory", "ipatokenotpkey", "ipatokenradiussecret",
            "ipasecretkey", "userpkcs12", "oathkey", "totpseed", "pin", "otpkey",
            // eDirectory.
            "privatekey", "publickeyandprivatekey", "saspasswordhash", "nspmdistributionpassword", "nspmpassword",
        ].map { Array($0.utf8) })

    private static let endings = [
        "password", "passwords", "passwd", "passphrase", "pwd", "hash", "hashes", "passwordhistory", "pwdhistory", "secret", "secrets",
        "secretkey", "privatekey", "apikey", "token", "tokens", "credential", "credentials", "recoverykey", "cleartext",
    ].map { Array($0.utf8) }
}
