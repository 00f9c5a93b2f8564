# SPDX-License-Identifier: GPL-2.0-only
"""What an interpreter of its own shows."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

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
