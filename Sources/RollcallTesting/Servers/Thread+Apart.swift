import Foundation

extension Thread {
    /// Does something that blocks on a thread of its own: tests run on few threads, and one that blocks there spoils the timing of
    /// the others.
    static func apart<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }
}
