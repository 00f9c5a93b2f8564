#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What README.md, CONTRIBUTING.md and the pages on releases show exists: C++ blocks stand in the
# example that they name, links lead somewhere, no folder or example is left out. VERSION is the
# version everywhere.
set -euo pipefail
cd "$MPTCP_SOURCE"
pages=(README.md CONTRIBUTING.md doc/releases.md doc/app-store.md)
python3 - "$MPTCP_SOURCE" "${pages[@]}" <<'END'
import pathlib
import re
import sys
import textwrap

root = pathlib.Path(sys.argv[1])
text = (root / "README.md").read_text(encoding="utf-8")
blocks = re.findall(r"```cpp\n(.*?)```", text, re.S)
example = textwrap.dedent((root / "examples/mptcp-first.cc").read_text(encoding="utf-8")
                          .split("{", 1)[1].replace("\n}\n", "\n"))
missing = [block for block in blocks if block.strip() not in example]
dead = []
for page in sys.argv[2:]:
    links = re.findall(r"\]\(([^)#]+)\)", (root / page).read_text(encoding="utf-8"))
    dead += [link for link in links
             if "://" not in link and not ((root / page).parent / link).exists()]
if not blocks or missing or dead:
    sys.exit("README.md: %d blocks, not in the example: %s; dead links: %s"
             % (len(blocks), missing, dead))
# Each folder is told of, and each example.
for folder in [p for p in [*root.glob("*/"), *root.glob("model/*/")]
               if p.name not in ("build", "results", "model", "__pycache__") and p.name[0] != "."
               and any(p.rglob("*.*"))]:
    if "`%s`" % folder.relative_to(root) not in text:
        sys.exit("README.md: nothing about the folder %s" % folder.relative_to(root))
manual = (root / "doc/manual.md").read_text(encoding="utf-8")
for example in root.glob("examples/*.cc"):
    if "`%s`" % example.stem not in manual.split("## Examples and tests")[1]:
        sys.exit("doc/manual.md: nothing about the example " + example.stem)
cmake = re.findall(r"```cmake\n(.*?)```", text, re.S)
user = (root / "test/package/CMakeLists.txt").read_text(encoding="utf-8")
for line in "".join(cmake).replace("my-program", "package-user").splitlines():
    if line not in user:
        sys.exit("README.md: '%s' is not in test/package" % line)

version = (root / "VERSION").read_text().strip()
patterns = {"CITATION.cff": r"^version: (.*)$", "CHANGES.md": r"^## ([0-9.]+)",
            "doc/app-store.md": r"the tag `v(.*)`"}
# Whoever makes a release is told of each of them.
release = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## A release\n")[1]
named = set(re.findall(r"`(.*?)`", release.split("\n1. ")[1].split("\n2. ")[0]))
if named != {"VERSION", *patterns}:
    sys.exit("CONTRIBUTING.md: a release sets the number in %s, not in %s"
             % (sorted({"VERSION", *patterns}), sorted(named)))
for name, pattern in patterns.items():
    found = re.search(pattern, (root / name).read_text(encoding="utf-8"), re.M)
    if not found or found.group(1) != version:
        sys.exit("%s: version %s, VERSION: %s" % (name, found and found.group(1), version))
END
