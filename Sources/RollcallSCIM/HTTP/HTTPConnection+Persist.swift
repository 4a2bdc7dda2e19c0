import RollcallCore
import RollcallReading

extension HTTPConnection {
    /// Sends a request until there is an answer to work with.
    ///
    /// - Parameter isAuthorized: Whether our credentials for the service go with it.
    /// - Throws: ``SourceError`` when the tries or the time are used up, or the credentials are refused.
    func persist(
        _ request: HTTPRequest, isAuthorized: Bool, _ head: @escaping HTTPTransfer.Head, _ body: @escaping HTTPTransfer.Body
    ) throws(SourceError) -> (answer: HTTPAnswer, redirect: String?) {
        var request = request
        var failures = 0
        var isRenewed = false
        while true {
            if isAuthorized { request.authorization = try authorization() }
            do throws(HTTPFailure) {
                let (answer, redirect) = try exchange(request, head: head, body: body)
                if isAuthorized, answer.status == 401, !isRenewed, dropToken() {
                    isRenewed = true
                    continue
                }
                let isRefused = answer.status == 401 || (answer.status == 403 && !request.takesRefusals)
                if isAuthorized, isRefused { throw HTTPFailure(refused(answer, request)) }
                guard RetryRule.covers(answer.status) else { return (answer, redirect) }
                failures += 1
                guard failures < retry.tries else {
                    if request.takesRefusals { return (answer, redirect) }
                    throw HTTPFailure(exhausted(answer, request))
                }
                if request.takesRefusals, isPastDeadline(answer.retryAfter) { return (answer, redirect) }
                try wait(failures, answer, request)
            } catch {
                guard error.mayRepeat else { throw error.error }
                failures += 1
                guard failures < retry.tries else { throw tried(error.error, failures) }
                do throws(HTTPFailure) { try wait(failures, nil, request) } catch let late { throw late.error }
            }
        }
    }

    private func wait(_ failures: Int, _ answer: HTTPAnswer?, _ request: HTTPRequest) throws(HTTPFailure) {
        let length = retry.wait(after: failures, asked: answer?.retryAfter, chance: .random(in: 0..<1))
        do throws(SourceError) {
            if let answer, let asked = answer.retryAfter, ContinuousClock.now + length >= patience.deadline {
                throw SourceError(
                    .timeout, subject: request.url.description,
                    message: "the service answers \(answer.status) and asks to wait \(asked), which is past the deadline of the reading",
                    advice: "let it run later or less often, or raise source.deadline")
            }
            try pause(length)
        } catch {
            throw HTTPFailure(error)
        }
    }

    private func isPastDeadline(_ asked: Span?) -> Bool {
        asked.map { ContinuousClock.now + .seconds($0.seconds) >= patience.deadline } ?? false
    }

    private func tried(_ error: SourceError, _ count: Int) -> SourceError {
        SourceError(error.code, subject: error.subject, message: "\(error.message) (tried \(count) times)", advice: error.advice)
    }

    private func exhausted(_ answer: HTTPAnswer, _ request: HTTPRequest) -> SourceError {
        let asked = answer.retryAfter.map { ", last asking to wait \($0)" } ?? ""
        return SourceError(
            .incomplete, subject: request.url.description,
            message: "the service answered \(answer.status) \(retry.tries) times in a row\(asked)\(quoted(answer))",
            advice: answer.status == 429 ? "let it run less often, or ask for a higher rate" : "is the service up?")
    }

    private func refused(_ answer: HTTPAnswer, _ request: HTTPRequest) -> SourceError {
        let advice: String
        if answer.status == 401 { isRefused = true }
        if answer.status == 403 {
            advice = "they are known but not allowed to read this; look at the scopes or roles that the service gives them"
        } else if case .oauth2 = credentials {
            advice = "a new token was fetched and refused too; look at its scope and audience"
        } else if case .none = credentials {
            advice = "the service wants to know who asks; see source.auth"
        } else {
            advice = "look at source.auth, and whether they have expired" + (settings.auth.reference?.refusalAdvice ?? "")
        }
        return SourceError(
            .credentials, subject: request.url.description,
            message: "the service refused the credentials: \(answer.status)\(quoted(answer))",
            advice: advice)
    }

    /// The service's own words after a colon, when they are meant for people and not a page.
    func quoted(_ answer: HTTPAnswer) -> String {
        let isText = answer.mediaType.map { $0.hasSuffix("json") || $0 == "text/plain" } ?? false
        let words = isText ? SourceError.oneLine(String(answer.errorText.prefix(1000))) : ""
        return words.isEmpty ? "" : ": \(words)"
    }
}
