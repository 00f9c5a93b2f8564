#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A comment in a class that names a source file ("// Life: tcp-subflow.cc") stands above what that
# file defines, up to the next such comment or access specifier.
set -euo pipefail
python3 - "$MPTCP_SOURCE" <<'END'
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
files = {}  # of each function, where it is defined
for path in sorted(root.glob("model/*/*.cc")):
    for name in re.findall(r"^(\w+::~?\w+)\(", path.read_text(encoding="utf-8"), re.M):
        files.setdefault(name, set()).add(path.name)
headings, wrong = 0, []
for path in sorted(root.glob("model/*/*.h")):
    owner, expected, comment = "", [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        goes_on = comment
        comment = re.match(r"\s+// (.*)", line)
        if comment:
            expected = (expected if goes_on else []) + re.findall(r"[\w-]+\.cc", comment[1])
            headings += bool(expected)
        elif re.match(r"(?:class|struct) \w+(?!.*;)|  \w+:$", line):
            owner, expected = (re.match(r"(?:class|struct) (\w+)", line) or [owner, owner])[1], []
        # A function is declared at four spaces, its name first or behind its type.
        name = re.match(r"    (?:[\w:<>,*& ]* [*&]?)?(~?\w+)\(", line)
        defined = name and files.get(owner + "::" + name[1])
        if expected and defined and defined.isdisjoint(expected):
            wrong.append("%s:%d: %s() is in %s, not in %s"
                         % (path.relative_to(root), number, name[1],
                            ", ".join(sorted(defined)), ", ".join(expected)))
if headings < 20:
    wrong.append("only %d headings found" % headings)
if wrong:
    sys.exit("\n".join(wrong))
END
