# SPDX-License-Identifier: GPL-2.0-only
"""examples/mptcp-handover.py has the numbers of the same experiment in C++, for the same ns-3."""

import csv
import filecmp
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

root = pathlib.Path(os.environ["MPTCP_SOURCE"])
handover = os.environ["MPTCP_BUILD"] + "/module/examples/mptcp-handover"


def run(*command):
    """Run a command. Returns its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError("%s: %d\n%s%s" % (command, done.returncode, done.stdout, done.stderr))
    return done.stdout


class Handover(unittest.TestCase):
    def test_same_numbers_as_in_cpp(self):
        with tempfile.TemporaryDirectory() as folder:
            for seed in (1, 7):
                with self.subTest("seed %d" % seed):
                    here, there = folder + "/python", folder + "/cpp"
                    told = run(sys.executable, str(root / "examples/mptcp-handover.py"),
                               "--seed=%d" % seed, "--output=" + here)
                    run(handover, "--schemes=mptcp", "--traffic=bulk",
                        "--pcap=none", "--seed=%d" % seed, "--output=" + there)
                    with open(there + "/summary.csv", encoding="utf-8") as file:
                        (row,) = csv.DictReader(file)
                    goodput, gap, wrong = re.search(
                        r"goodput ([\d.]+) Mb/s, longest interruption ([\d.]+) ms, (\d+) wrong",
                        told).groups()
                    self.assertEqual(float(goodput), round(float(row["goodput_mbps"]), 3))
                    self.assertEqual(float(gap), round(float(row["interruption_ms"]), 1))
                    self.assertEqual(wrong, "0")
                    for name in ("goodput.dat", "data-sequence.dat", "window.dat", "queue.dat",
                                 "block-delay.dat"):
                        self.assertTrue(filecmp.cmp("%s/%s" % (here, name),
                                                    "%s/mptcp/%s" % (there, name), shallow=False),
                                        name + " differs")
                    with open(here + "/goodput.png", "rb") as file:
                        self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")

    def test_seeds_differ(self):
        """Or the comparison above would say little."""
        with tempfile.TemporaryDirectory() as folder:
            for seed in (1, 7):
                run(handover, "--schemes=mptcp", "--traffic=bulk", "--pcap=none",
                    "--duration=3", "--outageStart=1", "--outageEnd=2", "--seed=%d" % seed,
                    "--wifiLoss=0.01", "--output=%s/%d" % (folder, seed))
            self.assertFalse(filecmp.cmp(folder + "/1/mptcp/data-sequence.dat",
                                         folder + "/7/mptcp/data-sequence.dat", shallow=False))

    def test_wrong_arguments(self):
        done = subprocess.run([sys.executable, str(root / "examples/mptcp-handover.py"),
                               "--seed=x"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--seed", done.stderr)
