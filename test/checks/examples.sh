#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Short examples judge themselves: a scheduler, a congestion control and an access of one's own take
# about a hundred lines, work, do what they are written for, and name wrong options.
set -euo pipefail
examples=$MPTCP_BUILD/examples

for name in own-scheduler own-congestion-control own-access; do
    lines=$(wc -l <"$MPTCP_SOURCE/examples/$name.cc")
    [ "$lines" -le 105 ] || { echo "$name.cc: $lines lines"; exit 1; }
done
"$examples/mptcp-first"
"$examples/own-scheduler" --rate=6Mbps
"$examples/own-scheduler" --rate=14Mbps
"$examples/own-congestion-control"
"$examples/own-access"

# refused ARGUMENT...: through ./mptcp run: status 2 and one line that names the option.
export MPTCP_PREBUILT=$MPTCP_BUILD
refused()
{
    local told status=0 option=${2%%=*}
    told=$("$MPTCP_SOURCE/mptcp" run "$@" 2>&1 >/dev/null) || status=$?
    [[ $status -eq 2 && $(wc -l <<<"$told") -eq 1 && $told = *"$option"* ]] ||
        { echo "run $*: status $status, $told"; exit 1; }
}
for wrong in 0 -5Mbps 1bps 999999999Gbps abc; do
    refused own-scheduler "--rate=$wrong"
    refused own-access "--rate=$wrong"
done
for wrong in abc -5s 99999999999999s 1e400s; do refused own-access "--delay=$wrong"; done
for wrong in 0 -5 1e300 nan abc 1x; do refused own-path-manager "--duration=$wrong"; done
for wrong in abc TcpVegas ns3::MptcpFullMesh; do
    refused own-congestion-control "--control=$wrong"
done
for wrong in 0 -5 21 99999999999999 abc 1e9 3.5; do refused mptcp-controller "--uploads=$wrong"; done
for wrong in --RngRun=abc --ns3::MptcpSocket::MinRto=abc --ns3::MptcpSocket::MaxSubflows=abc \
    --ns3::MptcpSocket::MaxSubflows=0 --ns3::Nothing::X=1 --PrintAttributes=nothing --nothing -d \
    --SimulatorImplementationType=Foo --SimulatorImplementationType=ns3::TcpCubic; do
    refused mptcp-first "$wrong"
done
# Called without ./mptcp they refuse as much.
for wrong in own-path-manager:--duration=1x own-access:--delay=1e400s mptcp-controller:--uploads=1e9 \
    own-access:more own-access:--SimulatorImplementationType=Foo; do
    status=0
    told=$("$examples/${wrong%%:*}" "${wrong#*:}" 2>&1) || status=$?
    [[ $status -eq 2 && $(wc -l <<<"$told") -eq 1 && $told = "${wrong%%:*}: "*"${wrong#*:}"* ]] ||
        { echo "$wrong: status $status, $told"; exit 1; }
done
# What ns-3 finds only later ends the run, in one line too.
told=$("$MPTCP_SOURCE/mptcp" run mptcp-first --ns3::MptcpSocket::Scheduler=ns3::MptcpFullMesh 2>&1) &&
    exit 1
[[ $(wc -l <<<"$told") -eq 1 && $told = *"MptcpFullMesh is no ns3::MptcpScheduler"* ]] ||
    { echo "$told"; exit 1; }
# Help for an option that is no bool says what it takes.
told=$("$MPTCP_SOURCE/mptcp" run srv6-ping --count=abc 2>&1) && exit 1
[[ $told = *"Number of Echo Requests"* && $told != *"true, false"* ]] || { echo "$told"; exit 1; }
