#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Short examples judge themselves: a scheduler, a congestion control and an access of one's own take
# less than a hundred lines, work, and do what they are written for.
set -euo pipefail
examples=$MPTCP_BUILD/examples

for name in own-scheduler own-congestion-control own-access; do
    lines=$(wc -l <"$MPTCP_SOURCE/examples/$name.cc")
    [ "$lines" -lt 100 ] || { echo "$name.cc: $lines lines"; exit 1; }
done
"$examples/mptcp-first"
"$examples/own-scheduler" --rate=6Mbps
"$examples/own-scheduler" --rate=14Mbps
"$examples/own-congestion-control"
"$examples/own-access"
