import Foundation
import RollcallTesting
import Testing

@Suite("The daemon under a real systemd", .disabled(if: SystemdHost.obstacle != nil, "\(SystemdHost.obstacle ?? "")"))
struct SystemdTests {
    /// Installs units and account, and a config for a directory server whose password is a credential.
    private func install(_ host: SystemdHost, url: String, _ rest: String = "daemon: {interval: 1h}") async throws {
        try await UnitFileTests.install(into: host.directory.file("usr"))
        try host.directory.write(SlapdServer.syncPassword, to: "password")
        try configure(host, url: url, rest)
        let outcome = try await host.shell(
            """
            set -e
            mkdir -p /run/systemd/system/rollcall.service.d /run/systemd/system/rollcall-plan.service.d
            cp \(SystemdHost.inside)/usr/lib/systemd/system/* /run/systemd/system/
            sed -i 's|\(host.directory.path)|\(SystemdHost.inside)|' /run/systemd/system/rollcall*.service
            systemd-sysusers \(SystemdHost.inside)/usr/lib/sysusers.d/rollcall.conf
            useradd --no-create-home --groups rollcall alice
            install -m 600 \(SystemdHost.inside)/password /root/ldap-password
            for unit in rollcall rollcall-plan; do
                printf '[Service]\\nLoadCredential=ldap-password:/root/ldap-password\\n' >/run/systemd/system/$unit.service.d/test.conf
            done
            printf '[Service]\\nRestartSec=1s\\n' >/run/systemd/system/rollcall.service.d/restart.conf
            mkdir -p /etc/rollcall
            cp \(SystemdHost.inside)/rollcall.yaml /etc/rollcall/
            systemd-tmpfiles --create \(SystemdHost.inside)/usr/lib/tmpfiles.d/rollcall.conf
            systemctl daemon-reload
            """)
        guard outcome.status == 0 else { throw ChildProcess.Failure("install: \(outcome.said)") }
    }

    private func configure(_ host: SystemdHost, url: String, _ rest: String) throws {
        try host.directory.write(
            """
            source:
              type: ldap
              url: "\(url)"
              bind: {dn: "cn=sync,ou=services,\(SlapdServer.suffix)", password: {credential: ldap-password}}
              users: {base: "\(SampleDirectory.peopleBase)"}
              groups: {base: "\(SampleDirectory.groupsBase)"}
              page_size: 100
            store: {url: "sqlite:///var/lib/rollcall/rollcall.db"}
            \(Population.rules())
            \(rest)

            """, to: "rollcall.yaml")
    }

    private func soon(_ what: String, seconds: Int = 30, _ host: SystemdHost, _ isSo: () async throws -> Bool) async throws {
        for _ in 0..<seconds * 5 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        let journal = try await host.run("journalctl", "-u", "rollcall", "--no-pager", "-n", "30")
        throw ChildProcess.Failure("it never came true that \(what): \(journal.text)")
    }

    @Test("start to ready, a run, the status text, reloads, kill -9, a stop; who may read what; the one-shot plan")
    func story() async throws {
        let server = try await SharedDirectory.server()
        let host = try await SystemdHost.start()
        defer { host.end() }
        try await install(host, url: server.url)

        // The one-shot: a first plan is pending or held, and no failure.
        let plan = try await host.run("systemctl", "start", "rollcall-plan.service")
        let said = try await host.run("journalctl", "-u", "rollcall-plan", "--no-pager", "-o", "cat")
        #expect(plan.status == 0, "\(plan.said) \(said.text)")
        #expect(said.text.contains("Held: ") && said.text.contains("first run"), "\(said.text.prefix(2000))")
        let reports = try await host.shell(
            "cd /var/lib/rollcall-reports && stat -c '%n %a %U' * && head -c 15 plan.html && head -c 30 plan.json")
        #expect(reports.text.hasPrefix("plan.html 640 rollcall\nplan.json 640 rollcall\n<!DOCTYPE html>"), "\(reports.said)")
        #expect(try await host.shell("ls -A /var/lib/rollcall").text == "")

        // No start makes a store: root makes it, for the owner of its folder.
        let program = "\(SystemdHost.inside)/usr/bin/rollcall"
        #expect(try await host.shell("systemctl start rollcall").status != 0)
        #expect(try await host.shell("ls -A /var/lib/rollcall").text == "")
        #expect(try await host.shell("systemctl stop rollcall; \(program) store create").status == 0)

        // Ready, a run, its status; approved by the service's own user beside it.
        let start = try await host.run("systemctl", "start", "rollcall")
        #expect(start.status == 0, "\(start.said)")
        #expect(try await host.property("ActiveState") == "active")
        try await soon("a plan was held", host) { try await host.property("StatusText").contains("1 plan held") }
        // As docs/operations.md says: the service's user may read what systemd has handed to the service.
        let root = try await host.shell("\(program) plan")
        #expect(root.status == 5 && root.said.contains("are for its user alone"), "\(root.said)")
        let dry = try await host.shell("runuser -u rollcall -- \(program) plan")
        #expect(dry.status == 3, "\(dry.said)")
        let approve = try await host.shell(
            """
            digest=$(runuser -u rollcall -- \(program) plans --format json | sed -n 's/.*"digest": "\\([0-9a-f]*\\)".*/\\1/p' | head -n 1)
            runuser -u rollcall -- \(program) approve $digest
            """)
        #expect(approve.status == 0, "\(approve.said)")
        #expect(
            try await host.shell("stat -c '%a %U %G' /var/lib/rollcall /var/lib/rollcall/rollcall.db").text
                == "750 rollcall rollcall\n640 rollcall rollcall\n")

        // Somebody of the group reads the store and no secret; nobody else reads anything.
        for words in ["report", "runs", "users list"] {
            let outcome = try await host.shell("setpriv --reuid=alice --regid=alice --init-groups \(program) \(words)")
            #expect(outcome.status == 0, "\(words): \(outcome.said)")
            let stranger = try await host.shell("setpriv --reuid=nobody --regid=nogroup --clear-groups \(program) \(words)")
            #expect(stranger.status != 0 && stranger.text.isEmpty, "\(words): \(stranger.said)")
        }
        let secret = "/run/credentials/rollcall.service/ldap-password"
        #expect(try await host.shell("runuser -u rollcall -- cat \(secret)").text == SlapdServer.syncPassword)
        let closed = try await host.shell("setpriv --reuid=alice --regid=alice --init-groups cat \(secret)")
        #expect(closed.status != 0 && closed.errorText.contains("Permission denied") && closed.text.isEmpty, "\(closed.said)")
        let refused = try await host.shell("setpriv --reuid=alice --regid=rollcall --init-groups \(program) plan")
        #expect(refused.status == 5 && refused.said.contains("are for its user alone"), "\(refused.said)")
        let environment = try await host.shell("tr '\\0' '\\n' </proc/$(systemctl show rollcall -p MainPID --value)/environ")
        #expect(environment.text.contains("CREDENTIALS_DIRECTORY=") && !environment.text.contains(SlapdServer.syncPassword))

        // Reloads.
        try configure(host, url: server.url, "daemon: {interval: 2s}")
        try await host.shell("cat \(SystemdHost.inside)/rollcall.yaml >/etc/rollcall/rollcall.yaml && systemctl reload rollcall")
        try await soon("the good config was taken", host) { try await host.property("StatusText").hasPrefix("in sync since") }
        try await host.shell("echo 'foo: 1' >>/etc/rollcall/rollcall.yaml && systemctl reload rollcall")
        try await soon("the bad config was refused", host) { try await host.property("StatusText").contains("reload refused") }
        #expect(try await host.property("ActiveState") == "active")
        try await host.shell("cat \(SystemdHost.inside)/rollcall.yaml >/etc/rollcall/rollcall.yaml && systemctl reload rollcall")
        try await soon("the good config was taken again", host) { try await !host.property("StatusText").contains("refused") }

        // Killed, and ready again by itself.
        let former = try await host.property("MainPID")
        try await host.run("systemctl", "kill", "-s", "KILL", "rollcall")
        try await soon("another process is ready", host) {
            let now = try await host.property("MainPID")
            let state = try await host.property("ActiveState")
            return now != former && now != "0" && state == "active"
        }
        try await soon("it runs again", host) { try await host.property("StatusText").hasPrefix("in sync since") }
        #expect(try await host.property("NRestarts") == "1")
        #expect(try await host.run("systemctl", "stop", "rollcall").status == 0)
        #expect(try await host.property("Result") == "success")
        // Without the service its credentials are gone, and a unit of its own does what there is to do.
        let alone = try await host.shell("runuser -u rollcall -- \(program) apply")
        #expect(alone.status == 5 && alone.said.contains("rollcall.service does not run"), "\(alone.said)")
        let transient = try await host.shell(
            """
            systemd-run --quiet --pipe --wait --collect -p User=rollcall -p LoadCredential=ldap-password:/root/ldap-password \(program) apply
            """)
        #expect(transient.status == 0 && transient.text.contains("In sync"), "\(transient.said)")
        let journal = try await host.run("journalctl", "-u", "rollcall", "--no-pager", "-o", "json")
        let priorities = Set(
            journal.text.split(separator: "\n").compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
                .filter { $0["_COMM"] as? String == "rollcall" }.compactMap { $0["PRIORITY"] as? String })
        #expect(priorities == ["3", "5", "6"], "\(priorities)")
    }

    @Test("a store that comes late is waited for, however often the daemon has to be started")
    func late() async throws {
        let server = try await SharedDirectory.server()
        let host = try await SystemdHost.start()
        defer { host.end() }
        try await install(host, url: server.url)
        try await host.shell(
            """
            sed -i 's/^StateDirectory/#StateDirectory/; s/^WorkingDirectory.*/ReadWritePaths=-\\/var\\/lib/' /run/systemd/system/rollcall.service
            printf '[Service]\\nRestartSec=100ms\\n' >/run/systemd/system/rollcall.service.d/restart.conf
            rm -rf /var/lib/rollcall && systemctl daemon-reload && systemctl start --no-block rollcall
            """)
        try await soon("it was started again and again", host) { Int(try await host.property("NRestarts")) ?? 0 > 8 }
        try await host.shell(
            "install -d -m 750 -o rollcall -g rollcall /var/lib/rollcall && \(SystemdHost.inside)/usr/bin/rollcall store create")
        try await soon("it is ready", host) { try await host.property("ActiveState") == "active" }
    }

    @Test("a source that hangs is ended by the watchdog, and the daemon started again; a stop beside a hang takes less than 20 s")
    func watchdog() async throws {
        let server = try await SharedDirectory.server()
        let proxy = try TCPFaultProxy(to: server.port, .stall(after: 20_001))
        defer { proxy.end() }
        let host = try await SystemdHost.start()
        defer { host.end() }
        try await install(host, url: "ldap://127.0.0.1:\(proxy.port)")
        try await host.shell(
            """
            printf '[Service]\\nWatchdogSec=3s\\nRestartSec=1s\\n' >/run/systemd/system/rollcall.service.d/watchdog.conf
            systemctl daemon-reload && \(SystemdHost.inside)/usr/bin/rollcall store create && systemctl start rollcall
            """)
        try await soon("it was started again", host) { (Int(try await host.property("NRestarts")) ?? 0) >= 1 }
        let journal = try await host.run("journalctl", "--no-pager", "-o", "cat", "-u", "rollcall")
        #expect(journal.text.contains("ready: "), "\(journal.text)")
        try await soon("it hangs again", host) { proxy.connections >= 2 }
        let begin = ContinuousClock.now
        #expect(try await host.run("systemctl", "stop", "rollcall").status == 0)
        #expect(ContinuousClock.now - begin < .seconds(20))
        #expect(try await host.shell("sqlite3 /var/lib/rollcall/rollcall.db 'SELECT count(*) FROM users'").text == "0\n")
    }

    @Test("under the unit's own filter of system calls and without writable code, plan, apply and report do their work")
    func filter() async throws {
        let server = try await SharedDirectory.server()
        let host = try await SystemdHost.start()
        defer { host.end() }
        try await install(host, url: server.url)
        // The service's own lines but for what makes it a daemon.
        let outcome = try await host.shell(
            """
            cd /run/systemd/system
            grep -vE '^(Type|Exec|Restart|WatchdogSec|Timeout|Wants|After)' rollcall.service >rollcall-try.service
            mkdir rollcall-try.service.d && cp rollcall.service.d/test.conf rollcall-try.service.d/
            program=\(SystemdHost.inside)/usr/bin/rollcall
            {
                echo '[Service]'; echo Type=oneshot; echo SuccessExitStatus=2 3
                echo "ExecStart=$program plan --out /var/lib/rollcall/plan.json"
                echo "ExecStart=$program apply /var/lib/rollcall/plan.json --approve"
                echo "ExecStart=$program plan"
                echo "ExecStart=$program report"
            } >rollcall-try.service.d/run.conf
            systemctl daemon-reload
            systemctl start rollcall-try
            status=$?
            journalctl -u rollcall-try --no-pager -o cat
            systemctl show rollcall-try -p MemoryDenyWriteExecute
            exit $status
            """)
        #expect(outcome.status == 0, "\(outcome.said)")
        for line in ["Held: ", "Applied: ", "In sync: ", "MemoryDenyWriteExecute=yes"] {
            #expect(outcome.text.contains(line), "\(line): \(outcome.said)")
        }
    }
}
