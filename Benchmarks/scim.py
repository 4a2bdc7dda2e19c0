#!/usr/bin/env python3
"""Measures reading a SCIM service: pages of a seeded directory, served from ready bytes on loopback, and a feed.

usage: scim.py BINARY [--users 100000] [--runs 5] [--wide-members] [--keep DIR]

Ratios are to the wall time of curl fetching the same pages to /dev/null over one kept connection, in the same round.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench import measure, row  # noqa: E402
from directory import Directory  # noqa: E402

PAGE, GROUP_PAGE = 1000, 100


class Service:
    """scim_pages.py, ended with stop()."""

    def __init__(self, users, wide_members):
        here = os.path.dirname(os.path.abspath(__file__))
        words = [sys.executable, os.path.join(here, "scim_pages.py"), "--users", str(users), "--page", str(PAGE), "--group-page", str(GROUP_PAGE)]
        if wide_members:
            words.append("--wide-members")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[-1])

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def total(self, kind):
        with urllib.request.urlopen(self.url(f"/scim/v2/{kind}?startIndex=1&count=1")) as answer:
            text = answer.read(400).decode(errors="replace")
        return int(text.split('"totalResults":')[1].split(",")[0].split("}")[0])

    def curl_config(self, path):
        """All pages, as a config for curl."""
        with open(path, "w", encoding="utf-8") as out:
            for kind, count in (("Groups", GROUP_PAGE), ("Users", PAGE)):
                for start in range(1, self.total(kind) + 1, count):
                    out.write(f'url = "{self.url(f"/scim/v2/{kind}?startIndex={start}&count={count}")}"\noutput = "/dev/null"\n')


def write_config(path, source, directory, names):
    rules = "\n".join(f'  - {{from: "{names[index]}", grant: "Team {index}"}}' for index in directory.mapped_groups())
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"""
source: {source}
store: {{url: "sqlite:{os.path.basename(path)}.db"}}
attributes:
  extra: {{department: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", kind: userType}}
groups:
{rules}
""")


def first_run(binary, config, folder):
    measure([binary, "plan", "--out", f"{folder}/plan"] + config, expect=(3,))
    return measure([binary, "apply", f"{folder}/plan", "--approve"] + config, expect=(0, 4))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("binary")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--wide-members", action="store_true")
    parser.add_argument("--keep")
    options = parser.parse_args()
    folder = options.keep or tempfile.mkdtemp(prefix="rollcall-scim-")
    os.makedirs(folder, exist_ok=True)
    binary = os.path.abspath(options.binary)
    directory = Directory(options.users)
    service = Service(options.users, options.wide_members)
    try:
        names = {index: directory.group_dn(index).split(",")[0].split("=", 1)[1] for index in directory.mapped_groups()}
        write_config(f"{folder}/pages.yaml", f"""
  type: scim
  url: {service.url("/scim/v2")}
  page_size: {PAGE}
  group_members: list""", directory, names)
        write_config(f"{folder}/feed.yaml", f"""
  type: scim
  url: {service.url("/feed.json")}
  feed: true""", directory, names)
        service.curl_config(f"{folder}/curl")
        pages, feed = ["--config", f"{folder}/pages.yaml"], ["--config", f"{folder}/feed.yaml"]
        first = first_run(binary, pages, folder)
        first_run(binary, feed, folder)
        floor, plan, unchanged, whole = [], [], [], []
        for _ in range(options.runs):
            floor.append(measure(["curl", "-s", "-K", f"{folder}/curl"]))
            plan.append(measure([binary, "plan"] + pages))
            unchanged.append(measure([binary, "plan"] + feed))
            whole.append(measure([binary, "plan", "--snapshot", "/nonexistent"] + feed, expect=(1, 5, 64, 78)))
        print("| what | ratio median / worst | wall s median / worst | user CPU s | peak MB |\n| --- | --- | --- | --- | --- |")
        row("curl, the same pages", floor)
        row("first run, once", [first], [floor[0]])
        row("plan, nothing to do", plan, floor)
        row("plan of an unchanged feed (304)", unchanged)
        print(f"start and end of the program alone: {statistics.median(result.wall for result in whole) * 1000:.0f} ms", flush=True)
    finally:
        service.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
