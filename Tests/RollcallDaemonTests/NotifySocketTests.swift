import Foundation
import Glibc
import RollcallTesting
import Synchronization
import Testing

@testable import RollcallDaemon

@Suite("What is told to the service manager")
struct NotifySocketTests {
    @Test("a status of any length goes out in at most 500 bytes, whole characters, and takes READY with it")
    func long() async throws {
        let receiver = try NotifyReceiver()
        let socket = NotifySocket(path: receiver.name)
        for text in [
            String(repeating: "x", count: 10_000), String(repeating: "é", count: 4_000),
            String(repeating: "\u{1F469}\u{200D}\u{1F680}", count: 900),
        ] {
            socket.ready(text)
        }
        socket.status("short")
        for _ in 0..<500 where receiver.values("STATUS").count < 4 { try await Task.sleep(for: .milliseconds(10)) }
        let statuses = receiver.values("STATUS")
        #expect(receiver.values("READY").count == 3 && statuses.last == "short")
        #expect(statuses.allSatisfy { $0.utf8.count <= 500 && !$0.contains("\u{FFFD}") })
        #expect(statuses.dropLast().allSatisfy { $0.hasSuffix("…") && $0.utf8.count > 450 })
    }

    @Test("what the manager waits for is sent as soon as its queue has room; a status is not waited for")
    func full() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("notify")
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        #expect(bound == 0)
        let notify = NotifySocket(path: path)
        let start = ContinuousClock.now
        for number in 0..<2_000 { notify.status("status \(number)") }
        #expect(ContinuousClock.now - start < .seconds(3))
        let received = Mutex<[String]>([])
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 4096)
            usleep(200_000)
            while true {
                var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&watched, 1, 10_000) == 1 else { return }
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                let text = String(decoding: buffer[..<count], as: UTF8.self)
                received.withLock { $0.append(text) }
                if text.hasPrefix("READY") { return }
            }
        }
        notify.ready("at last")
        for _ in 0..<500 where received.withLock({ $0.last?.hasPrefix("READY") }) != true { try await Task.sleep(for: .milliseconds(10)) }
        #expect(received.withLock { $0.last } == "READY=1\nSTATUS=at last")
    }
}
