#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The README shows code that exists: its C++ blocks stand in the example that it names.
set -euo pipefail
python3 - "$MPTCP_SOURCE" <<'END'
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
links = re.findall(r"\]\(([^)#]+)\)", text)
dead = [link for link in links if "://" not in link and not (root / link).exists()]
if not blocks or missing or dead:
    sys.exit("README.md: %d blocks, not in the example: %s; dead links: %s"
             % (len(blocks), missing, dead))
END
