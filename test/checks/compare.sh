#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp compare: a run gives figures that make sense and the same ones again; wrong options are
# named.
set -euo pipefail
program=$MPTCP_BUILD/compare/mptcp-compare

first=$("$program" --shared=1 --competitors=1,0 --warmup=2 --duration=3)
again=$("$program" --shared=1 --competitors=1,0 --warmup=2 --duration=3)
echo "$first"
[ "$first" = "$again" ] || { echo "the same seed gives: $again"; exit 1; }
awk '$2 < 2 || $2 > 18 { bad = 1 } { sum += $2 } END { exit bad || NR != 2 || sum < 17 || sum > 20 }' \
    <<<"$first" || { echo "20 Mb/s are not shared so"; exit 1; }

for wrong in --rates=20Mbps --rates=20Mbps,fast --losses=0,1 --competitors=1,-1 --buffer=1 \
    --scheduler=TcpCubic --congestion=MptcpEcf --warmup=0 --queue=0; do
    status=0
    told=$("$program" "$wrong" 2>&1) || status=$?
    [[ $status -ne 0 && $told = *${wrong%%=*}* ]] || { echo "$wrong: status $status, $told"; exit 1; }
done
for wrong in --seeds=0 --nothing "--update-doc"; do
    status=0
    told=$("$MPTCP_SOURCE/compare/run" "$wrong" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"${wrong%%=*}"* ]] || { echo "$wrong: status $status, $told"; exit 1; }
done
