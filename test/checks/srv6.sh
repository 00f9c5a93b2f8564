#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# srv6-two-paths reaches its goodput whichever router dies; tshark finds a Segment Routing Header on
# the packets of the second subflow and nothing malformed; wrong options are named.
set -euo pipefail
program=$MPTCP_BUILD/examples/srv6-two-paths
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

for dies in lower upper; do
    "$program" --dies=$dies --duration=18 --diesAt=8 --output="$output"
done
"$program" --dies=none --duration=7 --pcap=1 --output="$output" --ChecksumEnabled=1
for capture in "$output"/*.pcap; do
    routed=$(tshark -r "$capture" -Y 'ipv6.routing.type == 4' -T fields -e frame.number | wc -l)
    wrong=$(tshark -r "$capture" -o tcp.check_checksum:TRUE -d tcp.port==80,data -Y \
        '_ws.malformed || tcp.checksum.status == "Bad" || _ws.expert.severity == "Error"' | head -3)
    [[ $routed -gt 1000 && -z $wrong ]] ||
        { echo "$capture: $routed packets with a header; wrong: $wrong"; exit 1; }
done

for wrong in --dies=middle --duration=1 --upperRate=0 --diesAt=1 nothing; do
    status=0
    told=$("$program" "$wrong" --output="$output" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"${wrong%%=*}"* ]] || { echo "$wrong: status $status, $told"; exit 1; }
done
