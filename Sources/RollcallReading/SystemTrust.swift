import Glibc

/// What this machine trusts when config names no file of certificates.
///
/// TLS libraries and their builds differ in what they trust by themselves, so the file is always named outright.
package enum SystemTrust {
    private static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// The system's file of trusted certificates; `nil` when there is none that can be read.
    package static var bundle: String? { bundles.first { access($0, R_OK) == 0 } }

    /// Why a file cannot be read, in the system's words; `nil` when it can.
    package static func refusal(of file: String) -> String? {
        access(file, R_OK) == 0 ? nil : String(cString: strerror(errno))
    }
}
