#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# doc/hostile-networks.md shows the box that is tested, and names cases that exist.
set -euo pipefail
python3 - "$MPTCP_SOURCE" <<'END'
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
text = (root / "doc/hostile-networks.md").read_text(encoding="utf-8")
tests = "".join(suite.read_text(encoding="utf-8")
                for suite in sorted((root / "test/hostile").glob("*-test-suite.cc")))
box = re.search(r"```cpp\n/// [^\n]*\n(class DuplicatingBox.*?)```", text, re.S)
lines = len(box.group(1).splitlines()) if box else 0
if not 0 < lines < 50 or box.group(1).strip() not in tests:
    sys.exit("doc/hostile-networks.md: its box of %d lines is not the one in test/hostile" % lines)
plain = re.sub(r'"\s*"', "", tests)
missing = []
for row in re.findall(r"^\|.*\|$", text, re.M):
    for case in re.split(r", |; ", row.strip("| ").split(" | ")[-1]):
        words = re.sub(r"\.\.\.|\(.*?\)", "", case).strip()
        # Rows of the tables with a case, not their heads; names are made of several strings.
        if (row.count(" | ") == 3 and words and not set(words) <= set("-| ")
                and not words.startswith("case of") and words not in plain):
            missing.append(words)
if missing:
    sys.exit("doc/hostile-networks.md names cases that there are not: %s" % missing)
END
