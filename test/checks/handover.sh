#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp handover: every strategy and kind of traffic in a short form. No byte is lost or repeated,
# strategies are as short of interruption as they promise, and what cannot be done is told.
set -euo pipefail
program=$MPTCP_BUILD/examples/mptcp-handover

fail()
{
    echo "$*"
    exit 1
}

# refused EXPECTED ARGUMENT...: status 2, a line that names what is wrong, and no results.
refused()
{
    local expected=$1 told status=0
    shift
    told=$("$program" "$@" 2>&1 >/dev/null) || status=$?
    [[ $status -eq 2 && $told = *"$expected"* ]] || fail "$*: status $status, told: $told"
    [ ! -e results ] || fail "$*: it writes results"
}
refused "--schemes=tcp: unknown" --schemes=tcp
refused "--traffic=web: unknown" --traffic=web
refused "--signalWeak=low: not a number" --signalWeak=low
refused "--series=some: unknown" --series=some
refused "--deadline=0" --deadline=0
refused "--wifiFamily=ip: unknown" --wifiFamily=ip
refused "--ipv6 and --wifiFamily exclude each other" --ipv6 --wifiFamily=both
refused "--serverAddresses=3: not from 1 to 2" --serverAddresses=3
refused "--wifiNat=1: unknown; accepted: no, yes" --wifiNat=1
refused "--cellularNat=yes: translates IPv4, which --cellularFamily=ipv6 has not" \
    --cellularNat=yes --cellularFamily=ipv6
refused "--wifiBackgroundDown: with --wifiNat=yes nobody" --wifiNat=yes --wifiBackgroundDown=1
refused "--cellularBackgroundUp=fast: not a number" --cellularBackgroundUp=fast
refused "--wifiBackgroundUp=-1: not 0, or from 0.001 to 1000000" --wifiBackgroundUp=-1
refused "--wifiBackgroundUp=0,5: not a number" --wifiBackgroundUp=0,5
refused "--RngRun=1: use --run" --RngRun=1
refused "--RngSeed=2: use --seed" --RngSeed=2
NS_GLOBAL_VALUE="RngRun=3" refused "RngRun=3: use --run"
refused "--ns3::TcpSocket::SndBufSize=9000: use --buffer" --ns3::TcpSocket::SndBufSize=9000
refused "--ns3::LinkAccess::Delay=1s: use --wifiDelay and --cellularDelay" --ns3::LinkAccess::Delay=1s
refused "--ns3::LinkAccess::LossRate=1: use --wifiLoss" --ns3::LinkAccess::LossRate=1
refused "--ns3::LinkAccess::QueuePackets=9: use --wifiQueue" --ns3::LinkAccess::QueuePackets=9
refused "--ns3::PointToPointAccess::DataRate=1Mb/s: use --wifiRate" \
    --ns3::PointToPointAccess::DataRate=1Mb/s
refused "--ns3::MptcpSocket::Multipath=0: each scheme says it" --ns3::MptcpSocket::Multipath=0
refused "--ns3::MptcpSocket::StaleTimeouts=3: handover sets it" --schemes=mptcp,handover \
    --ns3::MptcpSocket::StaleTimeouts=3
refused "--ns3::RangeClient::StallTimeout=1s: tcp-reconnect sets it" --schemes=tcp-reconnect \
    --ns3::RangeClient::StallTimeout=1s
refused "--ns3::ByteStreamApplication::MaxBytes=9: the program sets it" \
    --ns3::ByteStreamApplication::MaxBytes=9
refused "--SimulatorImplementationType=Foo: no simulator" --SimulatorImplementationType=Foo
refused "mptcp-handover: unknown argument foo" foo
refused "--phones: with links each phone has its own" --phones=2 --wifiBackgroundDown=1
refused "--far=200: on links the phone does not move" --far=200
refused "--far=200: --movement=stand has none" --wifi=wifi --event=none --far=200
refused "--pause=3: --movement=commute has none; walk-out has" --wifi=wifi --event=none \
    --movement=commute --pause=3
refused "no scheme can do that" --schemes=application --traffic=pages

# A text is taken whole, a disk that is full is told, and what was not written is not drawn.
few=(--duration=3 --outageStart=1 --outageEnd=2 --schemes=mptcp --pcap=none)
"$program" "${few[@]}" --traffic=bulk --output="einmal größer" >few.txt
[ -s "einmal größer/summary.csv" ] || fail "--output with a blank went elsewhere"
for none in 0 0.0 0Mbps; do
    "$program" "${few[@]}" --traffic=bulk --series=none --wifiBackgroundDown=$none --output=none >few.txt ||
        fail "no traffic of others, as $none: $(cat few.txt)"
done
refused "--movement=walk out: on links the phone does not move" "--movement=walk out"
MPTCP_PREBUILT=$MPTCP_BUILD "$MPTCP_SOURCE/mptcp" handover "${few[@]}" --series=none --output=few >few.txt ||
    fail "without series: $(cat few.txt)"
MPTCP_PREBUILT=$MPTCP_BUILD "$MPTCP_SOURCE/mptcp" handover --duration=0.5 --event=none --pcap=none \
    --cellularLoss=1 --schemes=tcp-wifi,tcp-cellular --traffic=bulk --output=nothing >few.txt ||
    fail "where a scheme has sent nothing: $(cat few.txt)"
if [ "$(id -u)" -eq 0 ] && mkdir -p disk && mount -t tmpfs -o size=16k tmpfs disk 2>/dev/null; then
    trap 'umount -l disk 2>/dev/null || true' EXIT
    head -c 16384 /dev/zero >disk/fill 2>/dev/null || true
    refused "there is no room for summary.csv" "${few[@]}" --traffic=bulk --series=none --output=disk
    umount disk
fi

# A run that is stopped leaves an earlier one as it was. One that ends replaces all of that, but
# nothing of somebody else's.
many=(--traffic=bulk,requests,pages,frames --pcap=all --serverAddresses=2 --output=twice)
"$program" "${few[@]}" --schemes=tcp-wifi,mptcp,application,handover "${many[@]}" >few.txt ||
    fail "twice: $(cat few.txt)"
[ ! -e twice/unfinished ] && [ -s twice/mptcp/frames/backbone-router-server-2.pcap ] ||
    fail "left as unfinished: $(find twice/unfinished)"
touch twice/tcp-wifi/notes.txt twice/single-path
cp -r twice kept
"$program" --duration=10000 --schemes=tcp-wifi --traffic=bulk --output=twice >few.txt &
for ((i = 0; i < 300; i++)); do
    [ -z "$(find twice -path '*tcp-wifi/server.pcap' -newer kept -size +99k)" ] || break
    sleep 0.1
done
kill $! && ! wait $! || fail "it is not stopped: $(cat few.txt)"
diff -r -x unfinished kept twice || fail "a run that was stopped changed an earlier one"
"$program" "${few[@]}" --schemes=mptcp --traffic=bulk --output=twice >few.txt || fail "$(cat few.txt)"
told=$(cd twice && find . -type f ! -path './mptcp/*.dat' | sort | xargs)
[ "$told" = "./options.txt ./parameters.gp ./run.json ./single-path ./summary.csv ./tcp-wifi/notes.txt" ] ||
    fail "beside the results of a run are those of an earlier one: $told"
[ -z "$(find twice -type d -empty)" ] || fail "empty folders: $(find twice -type d -empty)"
mkdir own own/tcp-wifi
touch own/mptcp own/tcp-wifi/server.pcap
refused "--output=own: the folder own/mptcp cannot be made: Not a directory" --schemes=mptcp --output=own
"$program" "${few[@]}" --schemes=tcp-cellular --traffic=bulk --output=own >few.txt || fail "$(cat few.txt)"
[ -e own/mptcp ] && [ -e own/tcp-wifi/server.pcap ] || fail "files that no run has written are gone"

short=(--duration=10 --outageStart=3 --outageEnd=7.5 --pcap=none)
"$program" "${short[@]}" --schemes=all --traffic=bulk,requests,pages,frames --series=none \
    --output=all >all.txt || fail "wrong bytes: $(cat all.txt)"
grep -qx 'application without pages: its program transfers in bulk only' all.txt ||
    fail "nobody says what the program cannot do"
grep -qx 'tcp-reconnect without frames: .*' all.txt || fail "nobody says what cannot go on"
python3 - all/summary.csv <<'END'
import csv
import math
import sys

rows = {(r["scheme"], r["traffic"]): {k: float(v) for k, v in r.items() if k not in ("scheme", "traffic")}
        for r in csv.DictReader(open(sys.argv[1]))}
assert len(rows) == 14 * 4 - 3 - 1, sorted(rows)
gap = {scheme: row["interruption_ms"] for (scheme, traffic), row in rows.items() if traffic == "bulk"}
print(gap)
# Make before break and copies first, then a backup, then break before make, then another connection.
for shorter, longer in (("redundant", "mptcp-backup"), ("make-before-break", "mptcp-backup"),
                        ("mptcp-backup", "single-path"), ("single-path", "tcp-reconnect"),
                        ("tcp-reconnect", "tcp-wifi")):
    assert gap[shorter] < gap[longer], (shorter, longer)
assert 3000 < gap["tcp-reconnect"] < 3500, "3 s without progress"
bulk = {scheme: row for (scheme, traffic), row in rows.items() if traffic == "bulk"}
assert bulk["tcp-reconnect"]["reconnections"] == 1
assert bulk["redundant"]["copied_bytes"] > 10 * bulk["mptcp"]["copied_bytes"] > 0
assert bulk["single-path"]["subflows"] == 3 and bulk["mptcp"]["subflows"] == 2
assert all(row["idle_subflows"] == 0 for row in bulk.values() if not math.isnan(row["subflows"]))
assert bulk["tcp-wifi"]["cellular_joule"] == 0 < bulk["mptcp"]["cellular_joule"]
for traffic in ("requests", "pages", "frames"):
    for scheme in ("make-before-break", "redundant"):
        assert rows[scheme, traffic]["delay_99_ms"] < rows["tcp-wifi", traffic]["delay_99_ms"]
assert rows["tcp-wifi", "requests"]["delay_longest_ms"] > 2500
assert rows["make-before-break", "frames"]["late"] < rows["tcp-wifi", "frames"]["late"] / 4
END

# Both directions, both families, and the events of which everybody is told.
for options in "--upload --traffic=bulk" "--ipv6" "--event=interface" "--event=address" "--event=none"; do
    "$program" "${short[@]}" $options --series=none --output=other \
        --schemes=tcp-reconnect,single-path,make-before-break,handover,interactive >other.txt ||
        fail "$options: $(cat other.txt)"
    awk -F, -v options="$options" 'NR > 1 && $2 == "bulk" && $3 < (options ~ /none/ ? 13 : 6) {
        print options ": " $0; bad = 1 } END { exit bad }' other/summary.csv
done

# The first byte of an upload is drawn too: it shares a segment with what a RangeClient asks.
"$program" --duration=3 --event=none --upload --traffic=bulk --schemes=tcp-reconnect,tcp-wifi \
    --pcap=none --output=first >first.txt || fail "first: $(cat first.txt)"
for scheme in tcp-reconnect tcp-wifi; do
    awk '$4 == 0 && $5 > 0 { drawn = 1 } END { exit !drawn }' first/$scheme/data-sequence.dat ||
        fail "$scheme: the first byte is missing: $(head -3 first/$scheme/data-sequence.dat)"
done

# An outage that is drawn behind the end: what came before it is what came before the end.
"$program" --duration=8 --outageStart=7 --outageEnd=7.5 --outageSpread=8 --schemes=mptcp --run=3 \
    --traffic=bulk --pcap=none --series=none --output=late >late.txt || fail "late: $(cat late.txt)"
awk -F, 'NR > 1 && ($4 < 0.9 * $3 || $4 > 1.5 * $3) { print "late: " $0; bad = 1 } END { exit bad }' \
    late/summary.csv

# topology NAME OPTION...: a short run; rows of summary.csv become variables as goodput_of[scheme].
declare -A goodput_of wifi_of cellular_of subflows_of
topology()
{
    local name=$1 scheme goodput wifi cellular subflows
    shift
    "$program" --duration=6 --outageStart=2 --outageEnd=4 --traffic=bulk --pcap=none --series=none \
        --output="$name" "$@" >"$name.txt" || fail "$name: $(cat "$name.txt")"
    while IFS=, read -r scheme goodput wifi cellular subflows; do
        goodput_of[$scheme]=${goodput%.*} wifi_of[$scheme]=$wifi
        cellular_of[$scheme]=$cellular subflows_of[$scheme]=$subflows
    done < <(awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { print $1, $column["goodput_mbps"], $column["wifi_bytes"], $column["cellular_bytes"],
          $column["subflows"] }' "$name/summary.csv")
}

# Each access its own family, a server with an address of each.
topology families --wifiFamily=ipv4 --cellularFamily=ipv6 --schemes=mptcp,application,make-before-break,tcp-reconnect
grep -q '^tcp-reconnect without bulk: its application knows one address' families.txt ||
    fail "nobody says that an application with one address cannot change families"
for scheme in mptcp application make-before-break; do
    [ "${wifi_of[$scheme]}" -gt 1000000 ] && [ "${cellular_of[$scheme]}" -gt 1000000 ] ||
        fail "families: $scheme: ${wifi_of[$scheme]} and ${cellular_of[$scheme]} bytes"
done
# One that both have is enough: WiFi is lost at 2 s.
topology common --wifiFamily=both --cellularFamily=ipv6 --schemes=tcp-reconnect --event=interface
[ "${wifi_of[tcp-reconnect]}" -gt 1000000 ] && [ "${cellular_of[tcp-reconnect]}" -gt 1000000 ] ||
    fail "IPv6 is common: ${wifi_of[tcp-reconnect]} and ${cellular_of[tcp-reconnect]} bytes"
topology addresses --wifiFamily=both --cellularFamily=both --serverAddresses=2 --schemes=mptcp
[ "${subflows_of[mptcp]}" -eq 8 ] ||
    fail "2 accesses, 2 families, 2 addresses of the server: ${subflows_of[mptcp]} subflows"

# Translation: the server sees the routers' addresses alone.
topology translation --wifiNat=yes --cellularNat=yes --pcap=hosts --schemes=mptcp,handover
[ "${wifi_of[mptcp]}" -gt 1000000 ] && [ "${cellular_of[handover]}" -gt 100000 ] ||
    fail "nothing passes a translation"
python3 - translation/mptcp/server.pcap <<'END'
import sys

data = open(sys.argv[1], "rb").read()
at, sources = 24, set()
while at < len(data):
    length = int.from_bytes(data[at + 8:at + 12], "little")
    packet = data[at + 16 + 2:at + 16 + length]  # behind the header of PPP
    sources.add(".".join(map(str, packet[12:16])))
    at += 16 + length
assert sources == {"10.0.5.2", "10.0.3.1", "10.0.4.1"}, sources
END

# Others take of an access what they are told to.
topology alone --schemes=tcp-wifi --event=none
alone=${goodput_of[tcp-wifi]}
topology background --schemes=tcp-wifi --event=none --wifiBackgroundDown=10 --wifiBackgroundUp=2
[ $((alone - goodput_of[tcp-wifi])) -ge 6 ] ||
    fail "with 10 Mb/s of others $alone Mb/s became ${goodput_of[tcp-wifi]}"

help=$("$program" --PrintHelp)
if grep -q 'wifi access is:.*lte' <<<"$help"; then
    refused "--phones: the others have nothing to do" --phones=5 --wifi=wifi
    refused "--movement=walk out: unknown" --wifi=wifi "--movement=walk out"
    # What is drawn is this run's: its outage, and no map or picture of the one before.
    again=(--schemes=mptcp --traffic=bulk --pcap=none --duration=3 --outageStart=1 --outageEnd=2)
    "$program" "${again[@]}" --wifi=wifi --output=again >again.txt
    grep -q '^map = "mptcp"' again/parameters.gp || fail "radios have no map"
    touch again/frames-cdf.png
    "$program" "${again[@]}" --outageSpread=0.5 --output=again >again.txt
    grep -q '^map = ""' again/parameters.gp || fail "links have the map of an earlier run"
    awk '$1 == "outage_start" && $3 > 1 && $3 < 1.5 { start = $3 }
        $1 == "outage_end" && $3 > 2 && $3 < 2.5 { end = $3 }
        END { exit !(end - start > 0.99 && end - start < 1.01) }' again/parameters.gp ||
        fail "with --outageSpread: $(grep outage again/parameters.gp)"
    (cd again && gnuplot "$MPTCP_SOURCE/plots/handover.gp" 2>plot.txt) || fail "$(cat again/plot.txt)"
    [ ! -e again/frames-cdf.png ] || fail "a picture of an earlier run is left"
    # Many phones on one access point and cell.
    topology few --wifi=wifi --cellular=lte --schemes=mptcp --event=none --duration=3
    few=${goodput_of[mptcp]}
    topology many --wifi=wifi --cellular=lte --schemes=mptcp --event=none --duration=3 --phones=6 \
        --wifiBackgroundDown=40 --cellularBackgroundDown=10
    [ $((few * 2 / 3)) -gt "${goodput_of[mptcp]}" ] ||
        fail "with five others $few Mb/s became ${goodput_of[mptcp]}"
    # A phone that begins out of WiFi's range connects over cellular.
    topology away --wifi=wifi --cellular=lte --event=none --movement=walk-through --far=300 \
        --duration=2 --schemes=mptcp
    [ "${cellular_of[mptcp]}" -gt 100000 ] && [ "${wifi_of[mptcp]}" -eq 0 ] ||
        fail "out of range: ${cellular_of[mptcp]} and ${wifi_of[mptcp]} bytes"
    # A walk from one WiFi network to another: WiFi's subflow ends, and another begins there.
    topology networks --wifi=wifi "--ns3::WifiAccess::AccessPoints=0,0 120,0" \
        --ns3::WifiAccess::OwnNetworks=1 --event=none --movement=walk-out --far=120 --speed=30 \
        --duration=10 --schemes=mptcp,make-before-break
    [ "${subflows_of[mptcp]}" -eq 3 ] && [ "${subflows_of[make-before-break]}" -ge 3 ] ||
        fail "two networks: ${subflows_of[mptcp]} and ${subflows_of[make-before-break]} subflows"
fi

# A file for NetAnim, if this ns-3 can write it.
if "$program" "${short[@]}" --schemes=mptcp --traffic=requests --netanim=yes --series=none \
    --output=animation >animation.txt 2>&1; then
    python3 -c 'import sys, xml.dom.minidom as m
d = m.parse(sys.argv[1])
names = {n.getAttribute("descr") for n in d.getElementsByTagName("node") + d.getElementsByTagName("nu")}
assert {"phone", "server"} <= names and len(d.getElementsByTagName("p")) > 100, names' \
        animation/mptcp/requests/netanim.xml
else
    grep -q 'no module netanim' animation.txt || fail "$(cat animation.txt)"
fi

# A backup that is never needed is a subflow opened for nothing.
"$program" "${short[@]}" --event=none --schemes=mptcp-backup,mptcp --traffic=bulk --series=none \
    --output=idle >idle.txt
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["subflows"] != 2 || $column["idle_subflows"] != ($1 == "mptcp-backup") { bad = 1; print }
    END { exit bad || NR != 3 }' idle/summary.csv

# The same run is the same, byte for byte; what is written can be drawn.
for i in 1 2; do
    "$program" "${short[@]}" --schemes=mptcp,make-before-break --pcap=hosts --output=run$i >run.txt
done
diff -r run1 run2
cd run1
gnuplot "$MPTCP_SOURCE/plots/handover.gp" 2>plot.txt || fail "$(cat plot.txt)"
root=$MPTCP_SOURCE
(. "$root/scripts/setup.sh" && run_python "$root/scripts/report.py" .)
for picture in strategies goodput data-sequence window-rtt queues block-delay requests-cdf schemes map; do
    [ -s $picture.png ] && [ -s $picture.pdf ] || fail "no $picture"
done
! grep -qE '(src|href)="?(http|//)' report.html || fail "the page wants a network"
grep -q 'make-before-break' report.html && [ "$(grep -c 'data:image/png;base64' report.html)" -eq 9 ] ||
    fail "the page is not complete"
