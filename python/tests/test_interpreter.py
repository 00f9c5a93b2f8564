# SPDX-License-Identifier: GPL-2.0-only
"""What an interpreter of its own shows: importing ns-3, and what would end it."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from common import run_script

build = pathlib.Path(os.environ["MPTCP_BUILD"])


class Import(unittest.TestCase):
    def test_in_a_checkout_below_python(self):
        """ns-3's loader takes libraries with that in their path for installed ones. Those of the
        build must not stand beside the environment's."""
        libraries = [path.relative_to(os.environ["MPTCP_SOURCE"])
                     for path in build.glob("module/libns3*")]
        self.assertGreaterEqual(len(libraries), 2)
        with tempfile.TemporaryDirectory() as folder:
            checkout = pathlib.Path(folder) / "python"
            for library in libraries:
                (checkout / library).parent.mkdir(parents=True, exist_ok=True)
                (checkout / library).touch()
            done = subprocess.run([sys.executable, "-c", "from ns import ns; ns.MptcpHelper()"],
                                  cwd=checkout, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


class Programs(unittest.TestCase):
    def test_exception_within_a_call(self):
        told = run_script("""
nodes = link_nodes()
program = mptcp.create(ns.PosixApplication, Arguments="10.1.1.2",
                       Program=%r)
nodes.Get(0).AddApplication(program)
ns.Config.SetDefault("ns3::MptcpSocket::Scheduler", "ns3::TcpCubic")
try:
    ns.Simulator.Run()
except Exception as error:
    print("ns3::TcpCubic is no ns3::MptcpScheduler" in str(error) or error)
print(program.GetExitCode().value())
ns.Simulator.Destroy()
""" % str(build / "module/posix/posix-client.so"))
        self.assertEqual(told, "True\n134\n")
