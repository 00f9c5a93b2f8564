#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp python refuses what it does not take, in one line, and its files are Python. With --all it
# builds the module for the ns-3 of PyPI and runs the tests of the package, where PyPI can be reached and
# has ns-3 for this Python. A package of PyPI that cannot be built is a failure.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
cd "$MPTCP_SOURCE"

"$MPTCP_SOURCE/mptcp" python --help | grep -q '^Usage: ./mptcp python'
# Neither is PyPI asked.
for wrong in --nothing nothing.txt nothing.py ""; do
    status=0
    told=$("$MPTCP_SOURCE/mptcp" python "$wrong" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"$wrong"* && $(wc -l <<<"$told") -eq 1 ]] ||
        { echo "python $wrong: status $status, $told"; exit 1; }
done
python3 - <<'END'
import ast
import pathlib
import re

files = [*pathlib.Path("python").rglob("*.py"), *pathlib.Path("examples").glob("*.py")]
assert len(files) > 12, files
for file in files:
    ast.parse(file.read_text(encoding="utf-8"), str(file))
# Fifty lines, beside those that say what they are for.
lines = [line for line in pathlib.Path("examples/mptcp-handover.py").read_text().splitlines()
         if line.strip() and not line.startswith("#")]
assert len(lines) <= 60, len(lines)
# Each name that the page uses is there.
page = pathlib.Path("doc/python.md").read_text(encoding="utf-8")
init = pathlib.Path("python/ns3_mptcp/__init__.py").read_text(encoding="utf-8")
constants = pathlib.Path("python/ns3_mptcp/_constants.py").read_text(encoding="utf-8")
for name in set(re.findall(r"\bmptcp\.([A-Za-z_]+)\b", page)) - {"org"}:
    assert re.search(r"\b%s\b" % name, init + constants), name
END

[ -n "${MPTCP_TEST_ALL-}" ] || exit 0
unset MPTCP_PREBUILT
status=0
"$MPTCP_SOURCE/mptcp" python >"$output/told" 2>&1 || status=$?
cat "$output/told"
if [ $status -eq 0 ]; then
    # What doc/python.md says of the environment, and of one of one's own.
    activate=$(grep -o '`\. build/[^`]*`' doc/python.md | tr -d '`')
    (eval "$activate" && python -c 'import ns3_mptcp') || status=$?
    python3 -m venv "$output/venv"
    . "$output/venv/bin/activate"
    pip install ./python >"$output/told" 2>&1 || { tail -n 50 "$output/told"; exit 1; }
    python -c 'import ns3_mptcp'
elif grep -qE 'cannot be installed from PyPI|PyPI has ns-3 for' "$output/told"; then
    exit 77
fi
exit $status
