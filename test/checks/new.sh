#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp new writes an experiment that builds, runs on both links and draws its picture; wrong
# names are told in one line.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

export MPTCP_PREBUILT=$MPTCP_BUILD
cd "$output"
"$MPTCP_SOURCE/mptcp" new first-try >told
grep -qF 'first-try/run' told || { cat told; exit 1; }
first-try/run --rate1=8Mbps --rate2=4Mbps --duration=10 >told
cat told
goodput=$(sed -n 's|^\([0-9.]*\) Mb/s over links of 8 and 4 Mb/s$|\1|p' told)
awk -v x="$goodput" 'BEGIN { exit !(x > 10 && x < 12) }' || { echo "goodput '$goodput'"; exit 1; }
cd first-try/results
[ "$(wc -l <goodput.dat)" -ge 19 ] && [ "$(wc -l <window.dat)" -ge 19 ]
awk '{ first += $2; second += $3 } END { exit !(first / NR > 6 && second / NR > 3) }' goodput.dat ||
    { echo "goodput.dat: not both links"; exit 1; }
[ "$(head -c 8 first-try.png | tail -c 7 | head -c 3)" = PNG ] && [ "$(wc -c <first-try.png)" -gt 10000 ]
for link in 1 2; do
    [ "$(tshark -r "first-try-1-$link.pcap" -Y 'tcp.options.mptcp.subtype == 2' -c 2000 | wc -l)" -gt 500 ] ||
        { echo "first-try-1-$link.pcap: no data over MPTCP"; exit 1; }
done
cd "$output"

for wrong in --rate1=0 --rate2=99999Gbps --delay1=-5ms --delay2=1000s --duration=0 --duration=-1 --duration=1 \
    rate2=20Mbps; do
    status=0
    told=$(first-try/build/first-try $wrong 2>&1) || status=$?
    [[ $status -eq 2 && $(wc -l <<<"$told") -eq 1 ]] || { echo "$wrong: status $status, $told"; exit 1; }
done
# Neither a question nor a wrong option takes away what the last run has left.
before=$(cksum first-try/results/*)
first-try/run --help >told
grep -q -- '--rate1:.*10kbps to 1Gbps' told && grep -q -- '--duration:.*2 to 10000' told ||
    { echo "the range of an option is not told"; exit 1; }
first-try/run --PrintGlobals >told
for wrong in --nothing --duration=1 --duration=20ms more; do
    ! first-try/run $wrong >told 2>&1 || { echo "run $wrong is accepted"; exit 1; }
done
[ "$before" = "$(cksum first-try/results/*)" ] || { echo "results were changed, and nothing had run"; exit 1; }
first-try/run --duration=2 >told 2>&1
! grep -i warning told || { echo "two seconds cannot be drawn"; exit 1; }

for wrong in first-try first-try/ 2nd "a b" install INSTALL edit_cache --nothing "" "$MPTCP_SOURCE/inside"; do
    status=0
    told=$("$MPTCP_SOURCE/mptcp" new $([ -z "$wrong" ] || echo "$wrong") 2>&1) || status=$?
    [[ $status -eq 2 && $(wc -l <<<"$told") -eq 1 ]] ||
        { echo "new '$wrong': status $status, $told"; exit 1; }
done
[ ! -e "$MPTCP_SOURCE/inside" ]
# A name that begins as a template does, from a folder whose name sed and sh would read otherwise.
ln -s "$MPTCP_BUILD" "R&D it's"
MPTCP_PREBUILT="$output/R&D it's" "$MPTCP_SOURCE/mptcp" new plot-two >told || { cat told; exit 1; }
[ "$(ls plot-two | tr '\n' ' ')" = "CMakeLists.txt plot-two.cc plot-two.gp run " ] || { ls plot-two; exit 1; }
plot-two/run --duration=2 >told 2>&1 || { cat told; exit 1; }
# What could not be written whole is not left.
status=0
told=$(trap '' XFSZ; ulimit -f 1; "$MPTCP_SOURCE/mptcp" new full 2>&1) || status=$?
[[ $status -eq 1 && $told = *"is there room?" && $(wc -l <<<"$told") -eq 1 && ! -e full ]] ||
    { echo "new without room: status $status, $told"; exit 1; }
status=0
told=$("$MPTCP_SOURCE/mptcp" new /dev/null/first 2>&1) || status=$?
[[ $status -eq 1 && $told = *"cannot be made: Not a directory" && $(wc -l <<<"$told") -eq 1 ]] ||
    { echo "new /dev/null/first: status $status, $told"; exit 1; }
