#!/usr/bin/env python3
"""Measures Rollcall beside ldapsearch on a slapd and a seeded directory of its own, and how long a report takes to make and to open.

usage: bench.py BINARY [--users 100000] [--runs 5] [--only ldap|ldif|html] [--keep DIR]
"""
import argparse
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from directory import BASE, Directory  # noqa: E402

ATTRIBUTES = ["entryUUID", "uid", "mail", "givenName", "sn", "displayName", "cn", "departmentNumber", "telephoneNumber",
              "employeeType", "pwdAccountLockedTime", "pwdEndTime"]


class Result:
    """Wall time, user CPU and peak memory of one command."""

    def __init__(self, wall, user, peak, status):
        self.wall, self.user, self.peak, self.status = wall, user, peak, status


def measure(words, expect=(0,), output=os.devnull):
    start = time.perf_counter()
    with open(output, "wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in expect:
        sys.exit(f"{' '.join(words)} ended with {process.returncode}: {errors.decode()[-500:]}")
    return Result(wall, usage.ru_utime, usage.ru_maxrss / 1024, process.returncode)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Slapd:
    """A throw-away slapd on loopback."""

    def __init__(self, folder, ldif):
        self.folder = folder
        os.makedirs(f"{folder}/db")
        self.port = free_port()
        with open(f"{folder}/slapd.conf", "w", encoding="utf-8") as conf:
            conf.write(f"""
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/slapd.pid
threads 4
tool-threads 2
sortvals member
database mdb
suffix {BASE}
rootdn cn=admin,{BASE}
rootpw adminsecret
directory {folder}/db
maxsize 8589934592
multival member 1000,100
dbnosync
index objectClass,uid,entryUUID eq
limits dn.exact="cn=reader,ou=services,{BASE}" size=unlimited size.pr=unlimited size.prtotal=unlimited time=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,ou=services,{BASE}" read by * none
overlay ppolicy
""")
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", f"{folder}/slapd.conf", "-b", BASE, "-l", ldif], check=True)
        self.process = subprocess.Popen(["/usr/sbin/slapd", "-d", "0", "-f", f"{folder}/slapd.conf", "-h", self.url])
        for _ in range(100):
            if subprocess.run(["ldapsearch", "-x", "-H", self.url, "-s", "base", "-b", ""], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        sys.exit("slapd did not come up")

    @property
    def url(self):
        return f"ldap://127.0.0.1:{self.port}"

    def change(self, ldif):
        subprocess.run(["ldapmodify", "-x", "-H", self.url, "-D", f"cn=admin,{BASE}", "-w", "adminsecret"],
                       input=ldif.encode(), stdout=subprocess.DEVNULL, check=True)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def write_config(path, source, directory, store="store.db", with_groups=True):
    groups = directory.mapped_groups() if with_groups else []
    rules = "\n".join(f'  - {{from: "{directory.group_dn(index)}", grant: "Team {index}"}}' for index in groups)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"""
source: {source}
store: {{url: "sqlite:{store}"}}
attributes:
  extra: {{department: departmentNumber, phone: telephoneNumber, kind: employeeType}}
{"groups:" if rules else ""}
{rules}
""")


def row(name, results, floors=None):
    walls = [result.wall for result in results]
    ratio = [result.wall / floor.wall for result, floor in zip(results, floors)] if floors else None
    shown = f"{statistics.median(ratio):.2f} / {max(ratio):.2f}" if ratio else "–"
    users = [result.user for result in results]
    peaks = max(result.peak for result in results)
    print(f"| {name} | {shown} | {statistics.median(walls):.2f} / {max(walls):.2f} | {statistics.median(users):.2f} | {peaks:.0f} |", flush=True)


def write_ldap_config(folder, slapd, directory):
    """Writes the config that reads `slapd`, and the file with its password."""
    with open(f"{folder}/secret", "w", encoding="utf-8") as out:
        out.write("benchsecret")
    os.chmod(f"{folder}/secret", 0o600)
    write_config(f"{folder}/rollcall.yaml", f"""
  type: ldap
  url: {slapd.url}
  flavor: openldap
  bind: {{dn: "cn=reader,ou=services,{BASE}", password: {{file: {folder}/secret}}}}
  users: {{base: "ou=people,{BASE}"}}
  groups: {{base: "ou=groups,{BASE}"}}""", directory)


def bench_ldap(binary, users, runs, folder):
    directory = Directory(users)
    directory.write(f"{folder}/bench.ldif")
    slapd = Slapd(f"{folder}/slapd", f"{folder}/bench.ldif")
    try:
        write_ldap_config(folder, slapd, directory)
        rollcall = [binary]
        config = ["--config", f"{folder}/rollcall.yaml"]
        search = ["ldapsearch", "-x", "-LLL", "-H", slapd.url, "-D", f"cn=reader,ou=services,{BASE}", "-w", "benchsecret",
                  "-E", "pr=1000/noprompt"]
        people = search + ["-b", f"ou=people,{BASE}", "(objectClass=inetOrgPerson)"] + ATTRIBUTES
        groups = search + ["-b", f"ou=groups,{BASE}", "(objectClass=groupOfNames)", "entryUUID", "cn", "member"]
        floors, first, nothing, churn = [], [], [], []
        measure(people)
        for day in range(runs):
            person, group = measure(people), measure(groups)
            floors.append(Result(person.wall + group.wall, person.user + group.user, max(person.peak, group.peak), 0))
            for name in os.listdir(folder):
                if name.startswith("store.db"):
                    os.remove(f"{folder}/{name}")
            measure(rollcall + ["plan", "--out", f"{folder}/plan"] + config, expect=(3,))
            first.append(measure(rollcall + ["apply", f"{folder}/plan", "--approve"] + config))
            nothing.append(measure(rollcall + ["plan"] + config))
            slapd.change(directory.churn(day))
            churn.append(measure(rollcall + ["apply"] + config))
        print(f"\n{users} users, {directory.groups} groups, {runs} runs")
        print("| what | ratio median / worst | wall s median / worst | user CPU s | peak MB |\n| --- | --- | --- | --- | --- |")
        row("ldapsearch, users and groups", floors)
        row("first run: apply PLAN --approve", first, floors)
        row("plan, nothing to do", nothing, floors)
        row("apply of 1 % churn", churn, floors)
    finally:
        slapd.stop()


def bench_ldif(binary, users, runs, folder):
    directory = Directory(users)
    directory.write(f"{folder}/people.ldif", with_ids=True)
    write_config(f"{folder}/file.yaml", "{type: file, path: people.ldif}", directory, store="empty.db")
    results = [measure([binary, "plan", "--config", f"{folder}/file.yaml"], expect=(3,)) for _ in range(runs)]
    print(f"\n{users} users from LDIF, {os.path.getsize(folder + '/people.ldif') // 1_000_000} MB, {runs} runs")
    print("| what | ratio median / worst | wall s median / worst | user CPU s | peak MB |\n| --- | --- | --- | --- | --- |")
    row("plan, empty store", results)


def open_page(address, folder):
    """A headless Chromium that opens the page, lays it out, paints what is in sight, and ends."""
    words = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={folder}/profile", "--window-size=1280,900", f"--screenshot={folder}/page.png", address]
    return measure(words)


def bench_html(binary, users, runs, folder):
    """The report of a run that creates every user, from the audit log, in each format; then the page in a browser."""
    directory = Directory(users)
    directory.write(f"{folder}/all.ldif", with_ids=True)
    write_config(f"{folder}/html.yaml", "{type: file, path: all.ldif}", directory, store="html.db", with_groups=False)
    config = ["--config", f"{folder}/html.yaml"]
    measure([binary, "plan", "--out", f"{folder}/html.plan"] + config, expect=(3,))
    measure([binary, "apply", f"{folder}/html.plan", "--approve"] + config)
    print(f"\na report of {users} changes, {runs} runs")
    print("| what | ratio | wall s median / worst | user CPU s | peak MB |\n| --- | --- | --- | --- | --- |")
    for form in ("text", "json", "csv", "markdown", "html"):
        row(f"report --format {form}", [measure([binary, "report", "--format", form] + config, output=f"{folder}/report.{form}")
                                        for _ in range(runs)])
    row("report --format html --redact", [measure([binary, "report", "--format", "html", "--redact"] + config) for _ in range(runs)])
    if shutil.which("chromium"):
        row("Chromium, an empty page", [open_page("about:blank", folder) for _ in range(runs)])
        row("Chromium, the report", [open_page(f"file://{folder}/report.html", folder) for _ in range(runs)])
    print(f"the page has {os.path.getsize(folder + '/report.html') // 1_000_000} MB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["ldap", "ldif", "html"])
    parser.add_argument("--keep")
    options = parser.parse_args()
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        cpu = next((text.split(":")[1].strip() for text in info if text.startswith("model name")), "unknown")
    print(f"{time.strftime('%Y-%m-%d')}, {cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    folder = options.keep or tempfile.mkdtemp(prefix="rollcall-bench-", dir="/var/tmp")
    os.makedirs(folder, exist_ok=True)
    try:
        for name, bench in (("ldap", bench_ldap), ("ldif", bench_ldif), ("html", bench_html)):
            if options.only in (None, name):
                bench(os.path.abspath(options.binary), options.users, options.runs, folder)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
