/// A certificate authority of a test's own, made by `openssl`.
public struct TestAuthority: Sendable {
    /// A certificate and its key, as PEM files.
    public struct Identity: Sendable {
        public let certificate: String
        public let key: String
    }

    /// The authority's own certificate, as a PEM file.
    public let certificate: String
    private let key: String
    private let directory: TemporaryDirectory

    public init(in directory: TemporaryDirectory, name: String = "ca") throws {
        self.directory = directory
        certificate = directory.file("\(name).crt")
        key = directory.file("\(name).key")
        try ChildProcess.run(
            "/usr/bin/openssl",
            ["req", "-x509"] + TestAuthority.newKey(key) + [
                "-days", "2", "-subj", "/CN=Test authority \(name)", "-out", certificate, "-addext",
                "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            ], in: directory)
    }

    /// Issues a certificate.
    ///
    /// - Parameters:
    ///   - subject: In openssl's form, `/CN=…`.
    ///   - names: Subject alternative names in openssl's form, such as `IP:127.0.0.1`; none for a client.
    ///   - isServer: Whether it is of a server; a server without alternative names is known by its subject alone.
    ///   - days: How long it is valid from now; a negative number gives one that has expired.
    public func issue(_ file: String, subject: String = "/CN=test server", names: [String], isServer: Bool? = nil, days: Int = 1) throws
        -> Identity
    {
        let identity = Identity(certificate: directory.file("\(file).crt"), key: directory.file("\(file).key"))
        let request = directory.file("\(file).csr")
        try ChildProcess.run(
            "/usr/bin/openssl", ["req"] + TestAuthority.newKey(identity.key) + ["-subj", subject, "-out", request], in: directory)
        let extensions = try directory.write(
            "basicConstraints=CA:FALSE\nextendedKeyUsage=\(isServer ?? !names.isEmpty ? "serverAuth" : "clientAuth")\n"
                + (names.isEmpty ? "" : "subjectAltName=\(names.joined(separator: ","))\n"), to: "\(file).ext")
        try ChildProcess.run(
            "/usr/bin/openssl",
            [
                "x509", "-req", "-in", request, "-CA", certificate, "-CAkey", key, "-CAcreateserial", "-days", "\(days)", "-extfile",
                extensions, "-out", identity.certificate,
            ], in: directory)
        return identity
    }

    private static func newKey(_ file: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file]
    }
}
