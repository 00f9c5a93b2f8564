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

# refused EXPECTED ARGUMENT...: status 2 and a line that names what is wrong.
refused()
{
    local expected=$1 told status=0
    shift
    told=$("$program" "$@" 2>&1 >/dev/null) || status=$?
    [[ $status -eq 2 && $told = *"$expected"* ]] || fail "$*: status $status, told: $told"
}
refused "--schemes=tcp: unknown" --schemes=tcp
refused "--traffic=web: unknown" --traffic=web
refused "--signalWeak=low: not a number" --signalWeak=low
refused "--series=some: unknown" --series=some
refused "--deadline=0" --deadline=0

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
python3 "$MPTCP_SOURCE/scripts/report.py" .
for picture in strategies goodput data-sequence window-rtt queues block-delay requests-cdf schemes; do
    [ -s $picture.png ] && [ -s $picture.pdf ] || fail "no $picture"
done
! grep -qE '(src|href)="?(http|//)' report.html || fail "the page wants a network"
grep -q 'make-before-break' report.html && [ "$(grep -c 'data:image/png;base64' report.html)" -eq 8 ] ||
    fail "the page is not complete"
