#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# srv6-two-paths reaches its goodput whichever router dies, and srv6-ping is answered; tshark finds
# Segment Routing Headers in their packets and in those of each behavior, and nothing malformed;
# wrong options are named.
set -euo pipefail
examples=$MPTCP_BUILD/examples
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

# dissect LEAST CAPTURE...: each has so many packets with a header, and nothing is wrong. What an
# ICMPv6 error quotes has its transport's checksum for the last segment, which tshark does not look
# for there.
dissect()
{
    local least=$1 capture routed wrong
    shift
    for capture in "$@"; do
        routed=$(tshark -r "$capture" -Y 'ipv6.routing.type == 4' -T fields -e frame.number | wc -l)
        wrong=$(tshark -r "$capture" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
            -o udp.check_checksum:TRUE -d tcp.port==80,data -d udp.port==2222,data \
            -d udp.port==7,data -Y '_ws.malformed || icmpv6.checksum.status == "Bad" ||
            ip.checksum.status == "Bad" || (!(icmpv6.type < 128) &&
            (tcp.checksum.status == "Bad" || udp.checksum.status == "Bad" ||
            _ws.expert.severity == "Error"))' | head -3)
        [[ $routed -ge $least && -z $wrong ]] ||
            { echo "$capture: $routed packets with a header; wrong: $wrong"; exit 1; }
    done
}

for dies in lower upper; do
    "$examples/srv6-two-paths" --dies=$dies --duration=18 --diesAt=8 --output="$output" |
        tee "$output/told"
    # The data of the one subflow, and its acknowledgments by the segments in reverse.
    [[ $(grep -c '^fdb8:.* via fdb8:.* packets [1-9].* mean delay [1-9]' "$output/told") -eq 2 ]] ||
        { echo "the flow with segments is not counted both ways"; exit 1; }
done
"$examples/srv6-two-paths" --dies=none --duration=7 --pcap=1 --output="$output" --ChecksumEnabled=1
dissect 1000 "$output"/*.pcap

"$examples/srv6-ping" --pcap="$output/ping" --ChecksumEnabled=1
"$examples/srv6-ping" --destination=fc00:4:: --segments=fc00:2::31
dissect 1 "$output"/ping/srv6-ping-0-*.pcap

"$MPTCP_BUILD/test/mptcp-test-runner" --test-name=mptcp-srv6-captures --tempdir="$output/suite"
mapfile -t captures < <(find "$output/suite" -name '*.pcap')
[[ ${#captures[@]} -ge 26 ]] || { echo "only ${#captures[@]} captures of behaviors"; exit 1; }
dissect 2 "${captures[@]}"

# refused PROGRAM OPTION ARGUMENT...: the program ends with 2 and names the option.
refused()
{
    local program=$1 option=$2 status=0 told
    shift
    told=$("$examples/$program" "$@" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"${option%%=*}"* ]] ||
        { echo "$program $*: status $status, $told"; exit 1; }
}
for wrong in --dies=middle --duration=1 --upperRate=0 --upperRate=1x --lowerDelay=5x --diesAt=1 --diesAt=40 \
    nothing; do
    refused srv6-two-paths "$wrong" --output="$output"
done
"$examples/srv6-two-paths" --dies=none --duration=6 --upperRate=15000kbps --output="$output/a b" >"$output/told"
grep -qx 'upper_rate = 15' "$output/a b/parameters.gp" || { echo "15000kbps is not 15 Mb/s"; exit 1; }
[ -s "$output/a b/goodput.dat" ] || { echo "--output with a blank went elsewhere"; exit 1; }
for wrong in --pcap=/dev/null --destination=1.2.3.4 --segments=x --count=0 --size=1 nothing \
    --count=2e2 --count=-1 --size=-1; do
    refused srv6-ping "$wrong"
done
