#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp fidelity judges: with made-up runs in place of kernels and simulations it fails by each
# verdict but "as Linux" and the differences that doc/interop.md explains.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
python3 -B - "$MPTCP_SOURCE/interop" "$output" <<'END'
import contextlib
import importlib.util
import io
import subprocess
import sys
from importlib.machinery import SourceFileLoader

folder, output = sys.argv[1:]
sys.path.insert(0, folder)
loader = SourceFileLoader("fidelity", folder + "/fidelity")
fidelity = importlib.util.module_from_spec(importlib.util.spec_from_loader("fidelity", loader))
loader.exec_module(fidelity)

# Five runs of Linux, and verdicts of ours beside them: the limits are 5 % of the mean goodput, and
# 30 % of the mean interruption or what Linux had itself.
LINUX = [(20, 600), (20, 600), (20, 800), (20, 1400), (20, 600)]
for ours, verdict in (((20.9, 800), "as Linux"), ((19.1, 800), "as Linux"),
                      ((21.1, 800), "goodput differs"), ((18.9, 800), "goodput differs"),
                      ((20, 1390), "as Linux"), ((20, 1410), "interruption differs"),
                      ((20, 605), "as Linux"), ((20, 550), "interruption differs"),
                      ((18, 2000), "goodput and interruption differ")):
    row = fidelity.judge(LINUX, [ours])
    assert row["verdict"] == verdict, (ours, row)
row = fidelity.judge([(20, 1000)], [(20, 1290)])
assert row["verdict"] == "as Linux", row


def reads(rate, gap):
    """A download of 30 s: so many Mb/s, and a pause from 10 s on."""
    times = [at / 100 for at in range(3000) if not 10 < at / 100 < 10 + gap]
    return [(at, int(rate * 1e6 / 8 * 30 / len(times))) for at in times]


def run(schemes, **ours):
    """The exit status of the program, and what it says. What is not given is as Linux is."""
    runs = {name: {"rate": 20, "gap": 1} for name in fidelity.SCHEMES}
    for name, how in ours.items():
        runs[name].update(how)

    def simulate(_event, _backup, _plan, _congestion, log):
        return reads(**runs[log.parent.name.split("-")[0]])

    fidelity.missing = lambda _: ""
    fidelity.run_kernels = lambda *_: (reads(20, 1), {"most_lag_ms": 1})
    fidelity.simulate = simulate
    fidelity.subprocess.run = lambda *_, **__: subprocess.CompletedProcess([], 0, "", "")
    fidelity.os.environ["MPTCP_BUILD"] = "nowhere"
    sys.argv = ["fidelity", "--output", output, *schemes]
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        status = fidelity.main()
    return status, told.getvalue()


for expected, schemes, ours in (
        (0, [], {}),
        (0, [], {"endpoint": {"gap": 0.3}, "backup": {"gap": 2}}),
        (1, [], {"blackhole": {"gap": 2}}),
        (1, ["interface"], {"interface": {"rate": 15}}),
        (1, ["priority", "--congestion=cubic"], {"priority": {"gap": 0.3}}),
        # What is explained of them is the interruption.
        (1, ["endpoint"], {"endpoint": {"rate": 15}}),
        (1, ["backup"], {"backup": {"rate": 15, "gap": 2}})):
    status, told = run(schemes, **ours)
    assert status == expected, (schemes, ours, status, told)
    for name, how in ours.items():
        assert expected == 0 or name in told.splitlines()[-1], told
END
