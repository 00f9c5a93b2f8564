# SPDX-License-Identifier: GPL-2.0-only
"""./mptcp campaign: many runs by Snakemake, what they say together, and how far they are."""

import argparse
import fcntl
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import plan as plans
import summary

HERE = Path(__file__).resolve().parent
# CPU seconds for each second that is simulated with 20 + 10 Mb/s: a guess until runs have ended.
COST = 0.06
# Failures that are told one by one.
MOST_TOLD = 10


def die(text, status=2):
    print(f"mptcp: campaign: {text}", file=sys.stderr)
    sys.exit(status)


def duration(seconds):
    """In words."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


class State:
    """How far a campaign is, from its folder alone."""

    def __init__(self, folder, plan):
        self.folder = Path(folder)
        self.plan = plan
        self.known = set()
        self.seconds = {}  # of finished runs, by compared value

    def look(self):
        """Look for results that are new."""
        for key, run in self.plan["runs"].items():
            if key not in self.known and self.result(key).exists():
                self.known.add(key)
                value = run["parameters"][self.plan["compare"]]
                try:
                    spent = float((self.result(key).parent / "seconds.txt").read_text().split()[0])
                    self.seconds.setdefault(value, []).append(spent)
                except (OSError, ValueError, IndexError):
                    pass
        return self

    def result(self, key):
        return self.folder / "runs" / key / "summary.csv"

    def log(self, key):
        return self.folder / "logs" / f"{key}.log"

    def left(self):
        return [key for key in self.plan["runs"] if key not in self.known]

    def failed(self):
        """Runs whose log tells how they ended, and that have no result."""
        failed = []
        for key in self.left():
            try:
                lines = self.log(key).read_text(errors="replace").splitlines()
            except OSError:
                continue
            if lines and lines[-1].startswith("ended with "):
                failed.append((key, lines))
        return failed

    def time_left(self, cores):
        """Seconds, and whether that is more than a guess."""
        every = [s for some in self.seconds.values() for s in some]
        try:
            simulated = float(self.plan["fixed"].get("duration", 30))
        except ValueError:  # with a unit
            simulated = 30
        guess = COST * (simulated if math.isfinite(simulated) else 30)
        total = 0
        for key in self.left():
            value = self.plan["runs"][key]["parameters"][self.plan["compare"]]
            some = self.seconds.get(value) or every
            total += sum(some) / len(some) if some else guess
        return total / cores, bool(every)

    def describe(self, cores):
        left = len(self.left())
        text = f"{len(self.known)} of {len(self.plan['runs'])} runs finished"
        failed = len(self.failed())
        if failed:
            text += f", {failed} failed"
        if left:
            seconds, measured = self.time_left(cores)
            text += f", about {duration(seconds)} left" + ("" if measured else " (a guess)")
        return text


def reason_of(lines):
    """The line of what a program said that tells why it ended."""
    told = [l for l in lines if l.strip()]
    for line in told:
        # ns-3 prints its whole help behind an argument that it does not know, and where it aborts.
        if line.startswith("Invalid command-line"):
            return line
        aborted = re.search(r'msg="(.*?)", ', line)
        if aborted:
            return aborted[1]
    return told[-1] if told else ""


def check(program, plan):
    """Ask the program whether it takes each value, in one of the runs that have it."""
    seen = set()
    wrong = set()
    for run in plan["runs"].values():
        values = run["parameters"].items()
        if seen.issuperset(values):
            continue
        seen.update(values)
        # What is wrong with other options, once a network is built of them too, is told before a
        # folder that cannot be.
        nowhere = f"--output={os.devnull}/nowhere"
        done = subprocess.run([program, *run["arguments"], nowhere], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace")
        reason = reason_of(done.stderr.splitlines())
        if nowhere not in reason:
            wrong.add(reason or f"the program ends with status {done.returncode}")
    for reason in sorted(wrong)[:MOST_TOLD]:
        print(f"mptcp: campaign: would fail: {reason}", file=sys.stderr)
    if wrong:
        sys.exit(2)


def tell_failures(state):
    failed = state.failed()
    for key, lines in failed[:MOST_TOLD]:
        reason = reason_of(lines[1:-1])
        print(f"failed: {lines[0]}\n  {lines[-1]}{': ' + reason if reason else ''}\n"
              f"  log: {state.log(key)}", file=sys.stderr)
    if len(failed) > MOST_TOLD:
        print(f"and {len(failed) - MOST_TOLD} more: {state.folder / 'logs'}", file=sys.stderr)


def lock(folder):
    """Hold the folder; Snakemake inherits that, and keeps it if this process is killed."""
    file = open(folder / ".lock", "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        die(f"{folder}: this campaign is running; --status tells how far it is", 1)
    os.set_inheritable(file.fileno(), True)
    return file


def run(options, folder, plan, state):
    """Start Snakemake for what is left, and tell how far it is."""
    command = [
        "snakemake", "--snakefile", str(HERE / "Snakefile"), "--directory", str(folder),
        "--keep-going", "--nolock", "--rerun-triggers", "mtime",
        "--cores" if not options.profile else "--jobs", str(options.jobs),
    ]
    if options.profile:
        command += ["--profile", str(Path(options.profile).resolve())]
    held = lock(folder)
    if options.again:
        for key in plan["runs"]:
            shutil.rmtree(folder / "runs" / key, ignore_errors=True)
        state.known.clear()
    # What an interruption left; nobody writes there now. Results appear in one step, so those that
    # are there are complete, even if Snakemake was killed before it could note that.
    shutil.rmtree(folder / "scratch", ignore_errors=True)
    shutil.rmtree(folder / ".snakemake" / "incomplete", ignore_errors=True)
    for key in state.left():
        state.log(key).unlink(missing_ok=True)
    (folder / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")
    program = {"path": os.path.abspath(options.program), "folder": os.getcwd()}
    (folder / "program.json").write_text(json.dumps(program) + "\n")
    # Snakemake wants a home that can be written to, which not every user has.
    environment = {**os.environ, "HOME": os.environ.get("HOME", str(folder)),
                   "XDG_CACHE_HOME": str(folder / ".snakemake" / "cache")}
    with open(folder / "snakemake.log", "w") as log:
        snakemake = subprocess.Popen(command, stdout=log, stderr=log, env=environment,
                                     pass_fds=[held.fileno()])
        told = time.monotonic()
        try:
            while snakemake.poll() is None:
                time.sleep(0.3)
                state.look()
                if sys.stderr.isatty():
                    print(f"\r\033[K{state.describe(options.jobs)}", end="", file=sys.stderr, flush=True)
                elif time.monotonic() - told > 30:
                    told = time.monotonic()
                    print(state.describe(options.jobs), file=sys.stderr)
        except KeyboardInterrupt:
            snakemake.terminate()
            snakemake.wait()
            print(file=sys.stderr)
            die("stopped; the same command goes on", 130)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    state.look()
    if state.left() and not state.failed():
        tail = (folder / "snakemake.log").read_text(errors="replace").splitlines()[-20:]
        print("\n".join(tail), file=sys.stderr)
        die(f"Snakemake has not run everything; its log: {folder / 'snakemake.log'}", 1)


def draw(folder, plan):
    """Summary, pictures and page from the results that are there."""
    names, groups = summary.summarize(folder, plan)
    summary.write_series(folder, plan, names, groups)
    plot = HERE.parent.parent / "plots" / "campaign.gp"
    told = subprocess.run(["gnuplot", str(plot)], cwd=folder, capture_output=True, text=True)
    if told.returncode != 0:
        print(told.stderr, file=sys.stderr)
        die("drawing the pictures failed", 1)
    if subprocess.run([sys.executable, str(HERE.parent / "report.py"), str(folder)]).returncode:
        die("making report.html failed", 1)


def show(folder, plan):
    """The most important lines of summary.csv."""
    import csv

    with open(folder / "summary.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    names = sorted(plan["parameters"])
    for metric, title in (("interruption_ms", "longest interruption, ms"), ("goodput_mbps", "goodput, Mb/s")):
        rows = [l for l in lines if l["metric"] == metric and l["traffic"] == "bulk"]
        if not rows:
            continue
        print(f"\n{title}: mean and 95 % interval, median, difference to {plan['baseline']}")
        for l in rows:
            label = summary.label_of(plan, names, tuple(l[n] for n in names))
            difference = ""
            if l["difference"] != "nan":
                difference = f"{float(l['difference']):+12.2f} ± {float(l['difference_interval_95']):.2f}"
            half = float(l["interval_95"])
            spread = "" if math.isnan(half) else f"± {half:.2f}"
            print(f"  {label:32} {float(l['mean']):10.2f} {spread:12} {float(l['median']):10.2f}{difference}")


def main():
    parser = argparse.ArgumentParser(prog="mptcp campaign", add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--output")
    parser.add_argument("--jobs", default=str(os.cpu_count()))
    parser.add_argument("--profile")
    parser.add_argument("--program")
    for flag in ("dry-run", "status", "plot-only", "again"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.error = lambda text: die(f"{text}; ./mptcp campaign --help tells more")
    options = parser.parse_args()
    if not options.file:
        die("the name of a file is missing; examples/campaigns has some")
    if sum((options.dry_run, options.status, options.plot_only)) > 1:
        die("--dry-run, --status and --plot-only exclude each other")
    if options.again and (options.status or options.plot_only):
        die("--again: not with --status or --plot-only, which run nothing")
    if options.output == "":
        die("--output wants the name of a folder")
    if not options.jobs.isdecimal() or not 1 <= int(options.jobs) <= 10000:
        die(f"--jobs {options.jobs}: not a number from 1 to 10000")
    options.jobs = int(options.jobs)
    if options.profile is not None and not (
            options.profile and (Path(options.profile) / "config.yaml").is_file()):
        die(f"--profile {options.profile}: no folder with a config.yaml")
    try:
        plan = plans.read(options.file)
    except plans.Wrong as wrong:
        die(f"{options.file}: {wrong}")
    folder = Path(options.output or Path("results") / f"campaign-{Path(options.file).stem}").resolve()
    for tool in () if options.dry_run or options.status else ("snakemake", "gnuplot"):
        if not shutil.which(tool):
            die(f"not installed: {tool}", 1)
    state = State(folder, plan).look()
    shown = os.path.relpath(folder)

    if options.dry_run:
        if options.again:
            state.known.clear()
        for key in state.left():
            print(" ".join(["mptcp-handover", *plan["runs"][key]["arguments"]]))
        print(f"{shown}: {state.describe(options.jobs)}")
        if options.program:
            check(options.program, plan)
        return
    if options.status:
        print(f"{shown}: {state.describe(options.jobs)}")
        tell_failures(state)
        return
    if not options.plot_only:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            die(f"--output={folder}: {error.strerror}")
        if state.left() or options.again:
            run(options, folder, plan, state)
    if not state.known:
        tell_failures(state)
        die("no run has finished: there is nothing to summarize", 1)
    draw(folder, plan)
    show(folder, plan)
    print(f"\n{state.describe(options.jobs)}; tables: {shown}/results.csv, {shown}/summary.csv; "
          f"page: {shown}/report.html")
    if state.left():
        tell_failures(state)
        sys.exit(1)


# Whoever reads through a pipe may stop reading.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
try:
    main()
except OSError as error:
    die(f"{error.filename or 'output'}: {error.strerror}", 1)
except KeyboardInterrupt:
    sys.exit(130)
