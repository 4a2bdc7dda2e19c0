#!/usr/bin/env python3
"""Measures the daemon with a filled store: start to READY, the same after kill -9 in the middle of an apply, and what it takes while idle.

usage: daemon.py BINARY [--users 100000] [--runs 5] [--idle 300]
"""
import argparse
import os
import random
import re
import signal
import statistics
import subprocess
import tempfile
import time

from bench import measure, write_config
from directory import Directory
from notify import Daemon


def moved(folder, seed):
    """Gives everybody another department, as another file under the same name: a plan of updates that no guard holds."""
    pick = random.Random(seed)
    with open(f"{folder}/people.ldif", encoding="utf-8") as source, open(f"{folder}/next.ldif", "w", encoding="utf-8") as out:
        for line in source:
            out.write(re.sub(r"^(departmentNumber: ).*", lambda match: f"{match[1]}N{pick.randint(1, 10**6)}", line))
    os.rename(f"{folder}/next.ldif", f"{folder}/people.ldif")


def wal(folder):
    try:
        return os.path.getsize(f"{folder}/store.db-wal")
    except FileNotFoundError:
        return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--idle", type=int, default=300)
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    with tempfile.TemporaryDirectory(prefix="rollcall-daemon.") as folder:
        directory = Directory(options.users)
        directory.write(f"{folder}/people.ldif", with_ids=True)
        config = f"{folder}/rollcall.yaml"
        write_config(config, "{type: file, path: people.ldif}", directory)
        with open(config, "a", encoding="utf-8") as out:
            out.write("daemon: {interval: 6h}\n")
        measure([binary, "plan", "--config", config, "--out", f"{folder}/plan.json"], expect=(3,))
        measure([binary, "apply", f"{folder}/plan.json", "--approve", "--config", config], expect=(0, 4))
        starts, restarts = [], []
        for _ in range(options.runs):
            daemon = Daemon(binary, config, f"{folder}/log")
            daemon.wait_for("it is ready", lambda d: d.ready)
            starts.append(daemon.ready)
            daemon.stop()
        for number in range(options.runs):
            moved(folder, number)
            daemon = Daemon(binary, config, f"{folder}/log")
            daemon.wait_for("it is in the middle of an apply", lambda d: wal(folder) > (3 + number) << 20)
            daemon.stop(signal.SIGKILL)
            daemon = Daemon(binary, config, f"{folder}/log")
            daemon.wait_for("it is ready again", lambda d: d.ready)
            restarts.append(daemon.ready)
            daemon.wait_for("it is in sync again", lambda d: d.status.startswith("in sync"))
            daemon.stop()
        subprocess.run([binary, "audit", "verify", "--config", config], check=True, stdout=subprocess.DEVNULL)
        daemon = Daemon(binary, config, f"{folder}/log")
        daemon.wait_for("its first run is done", lambda d: d.status.startswith("in sync"))
        time.sleep(5)
        cpu, begin, peak = daemon.cpu(), time.perf_counter(), 0.0
        while time.perf_counter() - begin < options.idle:
            peak = max(peak, daemon.memory())
            time.sleep(1)
        share = 100 * (daemon.cpu() - cpu) / (time.perf_counter() - begin)
        daemon.stop()
    print(f"{options.users} users, {options.runs} runs, idle for {options.idle} s\n")
    print("| what | median | worst |\n| --- | --- | --- |")
    print(f"| start to READY | {statistics.median(starts):.2f} s | {max(starts):.2f} s |")
    print(f"| start to READY after kill -9 in the middle of an apply | {statistics.median(restarts):.2f} s | {max(restarts):.2f} s |")
    print(f"| idle: memory | | {peak:.0f} MB |")
    print(f"| idle: of one core | | {share:.2f} % |")


main()
