extension SlapdServer {
    /// Writes `slapd.conf` and gives its path.
    static func writeConfiguration(
        _ configuration: Configuration, _ identity: TestAuthority.Identity, _ authority: TestAuthority, _ directory: TemporaryDirectory
    ) throws -> String {
        let database = try directory.makeDirectory("db")
        let unlimited = "size.soft=unlimited size.hard=unlimited size.pr=unlimited size.prtotal=unlimited time=unlimited"
        let text = """
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            include /etc/ldap/schema/nis.schema
            pidfile \(directory.file("slapd.pid"))
            modulepath /usr/lib/ldap
            moduleload back_mdb
            moduleload syncprov
            TLSCACertificateFile \(authority.certificate)
            TLSCertificateFile \(identity.certificate)
            TLSCertificateKeyFile \(identity.key)
            TLSVerifyClient try
            tool-threads 1
            threads 4
            \(configuration.globalLines.joined(separator: "\n"))
            database mdb
            suffix \(suffix)
            directory \(database)
            maxsize 1073741824
            dbnosync
            index objectClass,uid,entryUUID eq
            \(configuration.databaseLines.joined(separator: "\n"))
            limits dn.exact="\(syncDN)" \(unlimited)
            access to attrs=userPassword by anonymous auth by * none
            access to * by dn.exact="\(syncDN)" read by dn.subtree="cn=auth" read by anonymous auth by * none
            overlay syncprov
            """
        return try directory.write(text + "\n", to: "slapd.conf")
    }
}
