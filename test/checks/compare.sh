#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp compare: a run gives figures that make sense and the same ones again; wrong options are
# named.
set -euo pipefail
program=$MPTCP_BUILD/compare/mptcp-compare

shared=(--shared=1 --competitors=1,0 --warmup=2 --duration=3)
first=$("$program" "${shared[@]}" --jitter=5ms)
again=$("$program" "${shared[@]}" --jitter=5ms)
echo "$first"
[ "$first" = "$again" ] || { echo "the same seed gives: $again"; exit 1; }
awk '/_mbps/ { n++; sum += $2; bad = bad || $2 < 2 || $2 > 18 }
     /_lost/ { n++; bad = bad || $2 < 0 || $2 > 0.1; lost += $2 }
     END { exit bad || n != 4 || lost == 0 || sum < 17 || sum > 20 }' \
    <<<"$first" || { echo "20 Mb/s are not shared so, or nothing or too much is lost"; exit 1; }

[ "$first" != "$("$program" "${shared[@]}")" ] || { echo "--jitter does nothing"; exit 1; }

# Who leaves is gone at once, whatever its send buffer held.
"$program" --competitors=0,2 --leave=3 --warmup=4 --duration=1 |
    grep -qx "tcp_mbps 0" || { echo "--leave leaves something"; exit 1; }

# Alone on a path that loses, where windows are of a few segments, coupled controls are TCP.
alone() {
    "$program" --shared=1 --losses=0.06,0 --congestion="$1" \
        --ns3::MptcpSocket::PathManager=ns3::MptcpNoPathManager | awk '/^mptcp_mbps/ { print $2 }'
}
lia=$(alone MptcpLia)
for control in MptcpOlia MptcpBalia; do
    awk -v a="$(alone $control)" -v b="$lia" 'BEGIN { exit !(a > 0.8 * b && a < 1.25 * b) }' ||
        { echo "$control is not TCP alone at 6 % loss"; exit 1; }
done

for wrong in --rates=20Mbps --rates=20Mbps,fast --losses=0,1 --competitors=1,-1 --buffer=1 \
    --scheduler=TcpCubic --congestion=MptcpEcf --warmup=0 --queue=0 --jitter=-1ms; do
    status=0
    told=$("$program" "$wrong" 2>&1) || status=$?
    [[ $status -ne 0 && $told = *${wrong%%=*}* ]] || { echo "$wrong: status $status, $told"; exit 1; }
done
# The table of doc/policies.md is of the claims that the command looks at.
python3 - "$MPTCP_SOURCE" <<'END'
import pathlib
import re
import runpy
import sys

root = pathlib.Path(sys.argv[1])
claims = runpy.run_path(str(root / "compare/run"))["CLAIMS"]
table = (root / "doc/policies.md").read_text(encoding="utf-8").split("<!-- claims -->")[1]
rows = [row.split(" | ") for row in re.findall(r"^\| (Mptcp.*) \|$", table, re.M)]
wanted = [[c.policy, c.source, c.says, c.measures, c.bounds()] for c in claims]
if [row[:5] for row in rows] != wanted:
    sys.exit("doc/policies.md has other claims than compare/run: %s" %
             [pair for pair in zip(rows, wanted) if pair[0][:5] != pair[1]])
for row, claim in zip(rows, claims):
    mean = float(row[5].split()[0])
    if "missed" in row[5] or not claim.holds(mean):
        sys.exit("doc/policies.md: %s" % row)
END

for wrong in --seeds=0 --duration=x --nothing "--update-doc" --output= --output=/dev/null --output=/dev/null/x; do
    status=0
    told=$("$MPTCP_SOURCE/compare/run" "$wrong" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"${wrong%%=*}"* ]] || { echo "$wrong: status $status, $told"; exit 1; }
done
