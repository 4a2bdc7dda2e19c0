#!/usr/bin/env python3
"""Compares what two builds of Rollcall cost: instructions under callgrind, and user CPU in rounds that take turns.

usage: cost.py OLD NEW [--users 10000] [--cpu-users 100000] [--rounds 15]

Each build has stores of its own, filled by itself, and reads the same slapd, the same LDIF file and the same SCIM service.
`--users 0` leaves the instructions out, `--cpu-users 0` the rounds.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scim  # noqa: E402
from bench import Slapd, measure, write_config, write_ldap_config  # noqa: E402
from directory import Directory  # noqa: E402


def instructions(words, expect=(0,)):
    """The instructions that a command executes in user space, with all its threads."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + words, capture_output=True, check=False)
    found = re.search(rb"Collected : (\d+)", done.stderr)
    if done.returncode not in expect or not found:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr.decode()[-800:]}")
    return int(found.group(1))


def user_time(words, expect=(0,)):
    return measure(words, expect).user


class Scene:
    """A directory of one size, on a slapd, in a file and behind a SCIM service."""

    def __init__(self, users, folder):
        os.makedirs(folder)
        self.folder, self.day = folder, 0
        self.directory = Directory(users)
        self.directory.write(f"{folder}/bench.ldif")
        Directory(users).write(f"{folder}/people.ldif", with_ids=True)
        self.slapd = Slapd(f"{folder}/slapd", f"{folder}/bench.ldif")
        self.service = scim.Service(users, False)

    def stop(self):
        self.service.stop()
        self.slapd.stop()

    def next_day(self):
        self.slapd.change(self.directory.churn(self.day))
        self.day += 1


class Build:
    """One of the two programs, with a folder for its configs and stores."""

    def __init__(self, binary, name, scene):
        self.binary, self.folder = f"{scene.folder}/{name}/rollcall", f"{scene.folder}/{name}"
        os.makedirs(self.folder)
        # Valgrind 3.19 gives up at the debugging information of Swift's runtime.
        subprocess.run(["strip", "-o", self.binary, binary], check=True)
        directory, url = scene.directory, scene.service.url("/scim/v2")
        write_ldap_config(self.folder, scene.slapd, directory)
        write_config(f"{self.folder}/file.yaml", f"{{type: file, path: {scene.folder}/people.ldif}}", directory, store="file.db")
        names = {index: directory.group_dn(index).split(",")[0].split("=", 1)[1] for index in directory.mapped_groups()}
        source = f"{{type: scim, url: \"{url}\", page_size: {scim.PAGE}, group_members: list}}"
        scim.write_config(f"{self.folder}/scim.yaml", source, directory, names)
        scim.first_run(self.binary, ["--config", f"{self.folder}/scim.yaml"], self.folder)

    def words(self, *words, config="rollcall.yaml"):
        return [self.binary, *words, "--config", f"{self.folder}/{config}"]

    def forget(self):
        for name in os.listdir(self.folder):
            if name.startswith("store.db") or name == "plan":
                os.remove(f"{self.folder}/{name}")


def rounds(scene, builds, gauge, count):
    """What each case costs each build, a number for each round; the builds take turns."""
    costs = {}

    def note(case, build, words, expect=(0,)):
        costs.setdefault(case, {}).setdefault(build, []).append(gauge(words, expect))

    for number in range(count):
        turn = builds if number % 2 == 0 else builds[::-1]
        for build in turn:
            build.forget()
            plan = f"{build.folder}/plan"
            note("first plan", build, build.words("plan", "--out", plan), (3,))
            note("first run", build, build.words("apply", plan, "--approve"))
            note("plan, nothing to do", build, build.words("plan"))
            note("LDIF plan", build, build.words("plan", config="file.yaml"), (3,))
            note("SCIM plan, nothing to do", build, build.words("plan", config="scim.yaml"), (0, 4))
        scene.next_day()
        for build in turn:
            note("apply of 1 % churn", build, build.words("apply"))
    return costs


def show(title, costs, old, new, form):
    print(f"\n{title}\n| what | old | new | ratio |\n| --- | --- | --- | --- |")
    for case, by_build in costs.items():
        pairs = list(zip(by_build[old], by_build[new]))
        ratio = statistics.median(after / before for before, after in pairs)
        print(f"| {case} | {form(statistics.median(by_build[old]))} | {form(statistics.median(by_build[new]))} | {ratio:.3f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--cpu-users", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="rollcall-cost-", dir="/var/tmp")
    try:
        for users, gauge, count, title, form in (
            (options.users, instructions, 1, "instructions", lambda number: f"{number / 1e6:,.0f} M"),
            (options.cpu_users, user_time, options.rounds, f"user CPU, median of {options.rounds} rounds", lambda number: f"{number:.2f} s"),
        ):
            if users == 0:
                continue
            scene = Scene(users, f"{work}/{users}-{gauge.__name__}")
            try:
                builds = [Build(options.old, "old", scene), Build(options.new, "new", scene)]
                show(f"{users} users, {title}", rounds(scene, builds, gauge, count), *builds, form)
            finally:
                scene.stop()
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
