#!/usr/bin/env python3
"""Lets the daemon run against a slapd that fails in every way for a while, and then proves that nothing was lost or leaked.

usage: daemon_soak.py BINARY [--minutes 120] [--users 10000] [--interval 5] [--seed 1]
"""
import argparse
import fcntl
import json
import os
import random
import re
import resource
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time

from bench import Slapd, measure, write_ldap_config
from directory import Directory
from notify import Daemon


class Proxy:
    """Stands between daemon and server; `fault` is what happens to connections: None, cut or stall, after some bytes."""

    def __init__(self, target):
        self.target, self.fault, self.after = target, None, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        fault, after, given = self.fault, self.after, 0
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            client.close()
            return
        with client, server:
            while True:
                # A stall ends with its fault, as a hung server does that is restarted.
                readable, _, _ = select.select([client, server], [], [], 0.2)
                if fault == "stall" and given >= after:
                    if self.fault != "stall":
                        return
                    readable = [each for each in readable if each is client]
                    time.sleep(0.1)
                for each in readable:
                    try:
                        data = each.recv(65536)
                        if not data:
                            return
                        (server if each is client else client).sendall(data)
                    except OSError:
                        return
                    if each is server:
                        given += len(data)
                        if fault == "cut" and given >= after:
                            return


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--interval", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    binary, dice = os.path.abspath(options.binary), random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="rollcall-soak.") as folder:
        directory = Directory(options.users)
        directory.write(f"{folder}/people.ldif")
        slapd = Slapd(folder, f"{folder}/people.ldif")
        proxy = Proxy(slapd.port)
        write_ldap_config(folder, slapd, directory)
        config = f"{folder}/rollcall.yaml"
        with open(config, encoding="utf-8") as file:
            text = file.read().replace(slapd.url, f"ldap://127.0.0.1:{proxy.port}")
        with open(config, "w", encoding="utf-8") as file:
            file.write(text + f"daemon: {{interval: {options.interval}s}}\n")
        measure([binary, "plan", "--config", config, "--out", f"{folder}/plan.json"], expect=(3,))
        measure([binary, "apply", f"{folder}/plan.json", "--approve", "--config", config], expect=(0, 4))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        daemon = Daemon(binary, config, f"{folder}/log")
        daemon.wait_for("it is in sync", lambda d: d.status.startswith("in sync"))
        pid, counts = daemon.process.pid, {}
        end = time.monotonic() + options.minutes * 60
        warm = time.monotonic() + min(120, options.minutes * 60 / 4)
        first, samples, day = None, [], 0
        slapd_words = slapd.process.args

        def pause(seconds):
            time.sleep(max(0.0, min(seconds, end - time.monotonic())))

        def note():
            nonlocal first
            if time.monotonic() < warm:
                return
            if first is None:
                first = (daemon.descriptors(), daemon.threads())
            samples.append((time.monotonic(), daemon.memory()))

        while time.monotonic() < end:
            fault = dice.choice(["none", "none", "killed", "cut", "stall", "limit", "disk", "lock", "churn", "churn"])
            counts[fault] = counts.get(fault, 0) + 1
            if fault == "killed":
                slapd.process.kill()
                slapd.process.wait()
                pause(dice.uniform(1, 8))
                slapd.process = subprocess.Popen(slapd_words)
            elif fault in ("cut", "stall"):
                proxy.fault, proxy.after = fault, dice.randrange(500, 4_000_000)
                pause(dice.uniform(5, 15))
                proxy.fault = None
            elif fault == "limit":
                # A server that takes more than this process has descriptors for is one that refuses connections.
                proxy.fault, proxy.after = "cut", 1
                pause(dice.uniform(3, 8))
                proxy.fault = None
            elif fault == "disk":
                # No file of the daemon may grow: every write to the store's log fails.
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
                pause(dice.uniform(5, 12))
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            elif fault == "lock":
                with open(f"{folder}/store.db.lock", "r+", encoding="utf-8") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    pause(dice.uniform(3, 12))
            elif fault == "churn":
                changes = [f"dn: {directory.person_dn(index)}\nchangetype: modify\nreplace: departmentNumber\ndepartmentNumber: S{day}\n"
                           for index in dice.sample(range(options.users), 20)]
                day += 1
                slapd.change("\n".join(changes))
            pause(dice.uniform(options.interval, 3 * options.interval))
            if daemon.process.poll() is not None:
                raise SystemExit(f"the daemon ended with {daemon.process.returncode}")
            note()
        # Released from a quarantine that the faults may have brought, it is in sync again.
        subprocess.run([binary, "resume", "--yes", "--wait", "60", "--config", config], stdout=subprocess.DEVNULL)
        begin = time.time()
        daemon.wait_for("it is in sync at the end", lambda d: d.status.startswith("in sync") and time.time() - begin > 2 * options.interval)
        time.sleep(3)
        last = (daemon.descriptors(), daemon.threads())
        samples.append((time.monotonic(), daemon.memory()))
        status = daemon.stop()
        plan = subprocess.run([binary, "plan", "--config", config], capture_output=True).returncode
        audit = subprocess.run([binary, "audit", "verify", "--config", config], capture_output=True).returncode
        listed = subprocess.run([binary, "runs", "--last", "1000000", "--format", "json", "--config", config], capture_output=True)
        kept = {run["id"]: run["outcome"] for run in json.loads(listed.stdout)["runs"]}
        outcomes, lost = {}, []
        with open(f"{folder}/log", encoding="utf-8") as log:
            for line in map(json.loads, log):
                if "run" not in line:
                    continue
                outcomes[line["outcome"]] = outcomes.get(line["outcome"], 0) + 1
                # A run that could not even open the store, or write to it, is in the log alone.
                if line["run"] not in kept and not re.match("locked_out|failed", line["outcome"]):
                    lost.append(line)
        slapd.stop()
        slope = (samples[-1][1] - samples[0][1]) / max(1e-9, (samples[-1][0] - samples[0][0]) / 3600) if len(samples) > 1 else 0
        print(f"{options.users} users, every {options.interval} s, for {options.minutes:g} minutes; faults: {counts}")
        print(f"runs by outcome: {outcomes}; kept: {len(kept)}; lost: {len(lost)}")
        print(f"descriptors {first and first[0]} → {last[0]}, threads {first and first[1]} → {last[1]}, "
              f"memory {samples[0][1]:.1f} → {samples[-1][1]:.1f} MB ({slope:+.1f} MB an hour)")
        print(f"daemon ended with {status}, plan with {plan}, audit verify with {audit}")
        for line in lost[:5]:
            print("lost:", line)
        if lost or status or audit or plan not in (0, 4) or (first and last[0] > first[0] + 2):
            raise SystemExit("FAILED")


main()
