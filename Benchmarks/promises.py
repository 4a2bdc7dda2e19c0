#!/usr/bin/env python3
"""Measures what a person waits for: approving one held change, confirming absences, a chain of contested usernames.

usage: promises.py BINARY [--users 100000] [--runs 5] [--keep DIR]
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench import Slapd, measure, row, write_ldap_config  # noqa: E402
from directory import BASE, Directory  # noqa: E402


def privileged(path, group):
    """Adds to a config that one permission group waits for a person."""
    with open(path, "a", encoding="utf-8") as out:
        out.write(f'permission_groups: {{"{group}": {{privileged: true}}}}\n')


def over_ldap(binary, users, runs, folder):
    directory = Directory(users)
    directory.write(f"{folder}/bench.ldif")
    slapd = Slapd(f"{folder}/slapd", f"{folder}/bench.ldif")
    try:
        write_ldap_config(folder, slapd, directory)
        place = directory.mapped_groups()[-1]
        privileged(f"{folder}/rollcall.yaml", f"Team {place}")
        config = ["--config", f"{folder}/rollcall.yaml"]
        measure([binary, "plan", "--out", f"{folder}/plan"] + config, expect=(3,))
        measure([binary, "apply", f"{folder}/plan", "--approve"] + config)
        nothing, approval, absence = [], [], []
        for day in range(runs):
            nothing.append(measure([binary, "plan"] + config))
            slapd.change(f"dn: {directory.group_dn(place)}\nchangetype: modify\nadd: member\n"
                         f"member: {directory.person_dn(users - 1 - day)}\n")
            measure([binary, "apply"] + config, expect=(3,))
            plans = subprocess.run([binary, "plans", "--format", "json"] + config, capture_output=True, check=True).stdout
            approval.append(measure([binary, "approve", json.loads(plans)["plans"][0]["id"]] + config))
            gone = range(users // 2 + day * 500, users // 2 + (day + 1) * 500)
            slapd.change("\n".join(f"dn: {directory.person_dn(index)}\nchangetype: delete\n" for index in gone))
            absence.append(measure([binary, "plan"] + config, expect=(2, 3)))
            measure([binary, "plan", "--out", f"{folder}/plan"] + config, expect=(2, 3))
            measure([binary, "apply", f"{folder}/plan", "--approve"] + config)
        row("plan, nothing to do", nothing)
        row("approve one held change, to that", approval, nothing)
        row("plan with 500 absences to confirm, to that", absence, nothing)
        over = [late.wall - still.wall for late, still in zip(absence, nothing)]
        print(f"500 absences: {statistics.median(over):.2f} s over a plan with nothing to do, worst {max(over):.2f} s", flush=True)
    finally:
        slapd.stop()


def chain(path, users, names):
    """People each of whom wants a name, as LDIF."""
    with open(path, "w", encoding="utf-8") as out:
        for index in range(users):
            out.write(f"dn: cn=c{index},ou=people,{BASE}\nobjectClass: inetOrgPerson\nsn: x\n"
                      f"entryUUID: {index:08x}-0000-4000-8000-000000000000\nuid: {names(index)}\n\n")


def contested(binary, users, runs, folder):
    with open(f"{folder}/chain.yaml", "w", encoding="utf-8") as out:
        out.write('source: {type: file, path: chain.ldif}\nstore: {url: "sqlite:chain.db"}\nlifecycle: {username: rename}\n')
    config = ["--config", f"{folder}/chain.yaml"]
    chain(f"{folder}/chain.ldif", users, lambda index: f"n{index}")
    measure([binary, "plan", "--out", f"{folder}/plan"] + config, expect=(3,))
    measure([binary, "apply", f"{folder}/plan", "--approve"] + config)
    # Everybody moves on to the next name, and the last one to a name that its holder keeps; then to a free one.
    chain(f"{folder}/chain.ldif", users, lambda index: "n0" if index in (0, users - 1) else f"n{index + 1}")
    blocked = [measure([binary, "plan"] + config, expect=(0, 2, 3)) for _ in range(runs)]
    chain(f"{folder}/chain.ldif", users, lambda index: f"n{index + 1}")
    free = [measure([binary, "plan"] + config, expect=(2, 3)) for _ in range(runs)]
    row(f"{users} usernames that move on", free)
    row("the same, with the last of them taken", blocked)
    over = statistics.median(result.wall for result in blocked) - statistics.median(result.wall for result in free)
    print(f"contested: {over:.2f} s over the run in which all of them move", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep")
    options = parser.parse_args()
    folder = options.keep or tempfile.mkdtemp(prefix="rollcall-bench-", dir="/var/tmp")
    os.makedirs(folder, exist_ok=True)
    try:
        print(f"{options.users} users, {options.runs} runs")
        print("| what | ratio median / worst | wall s median / worst | user CPU s | peak MB |\n| --- | --- | --- | --- | --- |")
        over_ldap(os.path.abspath(options.binary), options.users, options.runs, folder)
        contested(os.path.abspath(options.binary), options.users, options.runs, folder)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
