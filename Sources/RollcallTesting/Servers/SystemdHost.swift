import Foundation
import Glibc

/// A systemd of a test's own, as process 1 of new namespaces: it sees this host's programs, and has `/run`, `/etc`, `/tmp` and `/var/lib`
/// to itself. Only root can start one.
public final class SystemdHost: Sendable {
    /// Seen by its services as ``inside``.
    public let directory: TemporaryDirectory
    private let outer: Int32
    private let inner: Int32

    /// Where services see ``directory``.
    public static let inside = "/run/rollcall-test"

    /// Why there can be none here; `nil` when there can be, and when a program is missing that `make setup` installs: then starting one fails.
    public static let obstacle: String? = {
        guard geteuid() == 0 else { return "only root can start a systemd of its own" }
        let probe =
            "mount -t tmpfs tmpfs /run && mkdir -p /run/u /run/w && mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w /etc"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = ["--pid", "--fork", "--mount", "--propagation", "private", "--cgroup", "bash", "-c", probe]
        let errors = Pipe()
        process.standardError = errors
        guard (try? process.run()) != nil else { return nil }
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let isRefused = ["not permitted", "denied", "No space left"].contains { said.contains($0) }
        return process.terminationStatus != 0 && isRefused ? "the kernel refuses namespaces: \(said)" : nil
    }()

    /// Starts it, and waits until it has come up.
    public static func start() async throws -> SystemdHost {
        let host = try SystemdHost()
        for _ in 0..<100 {
            let state = try await host.run("systemctl", "is-system-running")
            if ["running", "degraded"].contains(state.text.trimmingCharacters(in: .whitespacesAndNewlines)) { return host }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw ChildProcess.Failure(
            "systemd did not come up: \((try? String(contentsOfFile: host.directory.file("log"), encoding: .utf8)) ?? "")")
    }

    private init() throws {
        for program in ["/lib/systemd/systemd", "/usr/bin/unshare", "/usr/bin/nsenter", "/usr/bin/systemd-run"]
        where !FileManager.default.isExecutableFile(atPath: program) {
            throw ChildProcess.Failure("\(program) is missing; `make setup` installs it")
        }
        let directory = try TemporaryDirectory()
        self.directory = directory
        try directory.openToOthers()
        try directory.write(SystemdHost.script, to: "start.sh")
        try ChildProcess.run("/bin/bash", [directory.file("start.sh"), directory.path], in: directory)
        func number(_ name: String) -> Int32 {
            let text = (try? String(contentsOfFile: directory.file(name), encoding: .utf8)) ?? ""
            return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
        outer = number("outer")
        inner = number("inner")
        guard outer > 1, inner > 1 else { throw ChildProcess.Failure("there is no process 1") }
    }

    deinit {
        end()
    }

    /// Ends all that runs there: systemd as process 1 heeds no other signal.
    public func end() {
        if outer > 1 { kill(outer, SIGKILL) }
    }

    /// Runs a program there, as root.
    @discardableResult
    public func run(_ words: String...) async throws -> ProgramOutcome {
        try await RunningProgram.run("/usr/bin/nsenter", ["-t", "\(inner)", "-m", "-p", "-C", "-i", "-u"] + words)
    }

    /// Runs lines of a shell there, as root.
    @discardableResult
    public func shell(_ script: String) async throws -> ProgramOutcome { try await run("bash", "-c", script) }

    /// One property of a unit.
    public func property(_ name: String, of unit: String = "rollcall") async throws -> String {
        try await run("systemctl", "show", unit, "-p", name, "--value").text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static let script = """
        dir=$1
        setsid unshare --pid --fork --kill-child --mount --mount-proc --propagation private --cgroup --ipc --uts bash -c '
        set -e
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/system /run/lock \(inside) /run/etc/upper /run/etc/work
        mount --bind "'$dir'" \(inside)
        mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc
        mount -t tmpfs -o mode=755 tmpfs /var/lib
        mount -t tmpfs tmpfs /tmp
        umount -l /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        for unit in remount-fs sysctl modules-load binfmt udevd udev-trigger random-seed update-utmp journal-flush; do
            ln -s /dev/null /run/systemd/system/systemd-$unit.service
        done
        ln -s /dev/null /run/systemd/system/proc-sys-fs-binfmt_misc.automount
        # Else nobody would see the mount that holds the credentials of a service.
        mount --make-rshared /
        export container=rollcall-test
        exec /lib/systemd/systemd --system --unit=basic.target --log-target=null systemd.unified_cgroup_hierarchy=1
        ' >"$dir/log" 2>&1 </dev/null &
        echo $! >"$dir/outer"
        for attempt in $(seq 100); do
            cut -d" " -f1 /proc/$!/task/$!/children >"$dir/inner"
            [ -s "$dir/inner" ] && grep -q systemd "/proc/$(tr -d " \\n" <"$dir/inner")/comm" && break
            sleep 0.1
        done

        """
}
