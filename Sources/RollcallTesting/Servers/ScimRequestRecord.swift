/// A request as a ``ScriptedScimServer`` got it.
public struct ScimRequestRecord: Sendable, Decodable {
    /// Its place among all requests, from 1.
    public let number: Int
    /// Which connection it came on, from 1.
    public let connection: Int
    public let method: String
    /// The path with the base of the service.
    public let path: String
    /// The query as it was sent, escapes and all.
    public let query: String
    /// `none`, `bearer` or `basic`.
    public let authorization: String
    /// The status it was answered with; 0 as long as it was not.
    public let status: Int
    /// The faults that it met.
    public let faults: [String]
    /// Its headers by their names in lower case, without `authorization`.
    public let headers: [String: String]
    /// The common name of the client's certificate, where one is asked for.
    public let client: String?
}
