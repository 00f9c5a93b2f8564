# SPDX-License-Identifier: GPL-2.0-only
"""What doc/python.md shows runs, and prints what it says."""

import contextlib
import io
import os
import pathlib
import re
import tempfile

from common import SimulatorTest

page = pathlib.Path(os.environ["MPTCP_SOURCE"]) / "doc/python.md"


class Page(SimulatorTest):
    def test_scripts(self):
        """Blocks of Python go on where the one before them ended. A block of text behind one is
        what it prints."""
        blocks = re.findall(r"^```(python|text)\n(.*?)^```", page.read_text(encoding="utf-8"),
                            re.S | re.M)
        self.assertGreaterEqual(len(blocks), 6)
        names = {}
        told = ""
        here = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for kind, block in blocks:
                    if kind == "text":
                        self.assertEqual(told, block)
                        continue
                    output = io.StringIO()
                    with contextlib.redirect_stdout(output):
                        exec(compile(block, str(page), "exec"), names)
                    told = output.getvalue()
            finally:
                os.chdir(here)
