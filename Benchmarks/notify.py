"""The service manager's side of sd_notify, and a daemon beside it."""
import os
import signal
import socket
import subprocess
import threading
import time


class Daemon:
    """`rollcall run` with a config, and what it says of itself."""

    def __init__(self, binary, config, log, watchdog=300):
        name = f"rollcall-bench-{os.getpid()}-{time.monotonic_ns()}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name)
        self.socket.settimeout(0.2)
        self.ready, self.status, self.ended = None, "", False
        environment = dict(os.environ, NOTIFY_SOCKET="@" + name, WATCHDOG_USEC=str(watchdog * 1_000_000))
        self.start = time.perf_counter()
        self.process = subprocess.Popen([binary, "run", "--config", config, "--log-format", "json"], env=environment,
                                        stderr=subprocess.PIPE)
        threading.Thread(target=self.keep, args=(log,)).start()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while not self.ended:
            try:
                message = self.socket.recv(8192).decode()
            except TimeoutError:
                continue
            for line in message.split("\n"):
                if line == "READY=1" and self.ready is None:
                    self.ready = time.perf_counter() - self.start
                if line.startswith("STATUS="):
                    self.status = line[7:]

    def keep(self, log):
        """Copies the log to a file: a pipe has no limit that a test could set on files."""
        with open(log, "ab", buffering=0) as file:
            for line in self.process.stderr:
                file.write(line)

    def wait_for(self, what, is_so, seconds=120):
        end = time.monotonic() + seconds
        while not is_so(self):
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit(f"it never came true that {what}; the status is: {self.status}")
            time.sleep(0.005)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(60)
        self.ended = True
        return self.process.returncode

    def proc(self, name):
        with open(f"/proc/{self.process.pid}/{name}", encoding="utf-8") as file:
            return file.read()

    def memory(self):
        """Resident megabytes."""
        return next(int(line.split()[1]) for line in self.proc("status").splitlines() if line.startswith("VmRSS")) / 1024

    def cpu(self):
        """Seconds of CPU time so far."""
        fields = self.proc("stat").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))
