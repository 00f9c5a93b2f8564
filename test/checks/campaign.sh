#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp campaign, rerun and diff: 2 strategies and 2 seeds, killed in the middle and resumed, give
# the same tables bit by bit; a batch queue does too; what fails is told and the others go on; wrong
# files and options end in one line. With --all: the whole of examples/campaigns/handover.toml.
set -euo pipefail
scripts=$MPTCP_SOURCE/scripts/campaign
program=$MPTCP_BUILD/examples/mptcp-handover
mptcp=$MPTCP_SOURCE/mptcp
export MPTCP_PREBUILT=$MPTCP_BUILD

fail()
{
    echo "$*"
    exit 1
}

campaign()
{
    "$mptcp" campaign "$@"
}

# refused COMMAND...: status 2 and one line that names what is wrong.
refused()
{
    local expected=$1 told status=0
    shift
    told=$("$@" 2>&1 >/dev/null) || status=$?
    [[ $status -eq 2 && $(wc -l <<<"$told") -eq 1 && $told = *"$expected"* ]] ||
        fail "$*: status $status, told: $told; expected: $expected"
}

cat >small.toml <<'END'
seeds = 2
baseline = "tcp-wifi"
[fixed]
duration = 4
outageStart = 1
outageEnd = 2.5
outageSpread = 0.5
[parameters]
schemes = ["tcp-wifi", "make-before-break"]
END

# Wrong files and options.
wrong()
{
    printf '%s\n' "$2" >wrong.toml
    refused "$1" campaign wrong.toml --dry-run
}
refused "nothing.toml: cannot be read" campaign nothing.toml --dry-run
wrong "not TOML" 'seeds = '
wrong "sedes: unknown" $'sedes = 2\n[parameters]\nschemes = ["mptcp"]'
wrong "seeds: not a number" $'seeds = 0\n[parameters]\nschemes = ["mptcp"]'
wrong "parameters.schemes: missing" $'[fixed]\nduration = 3'
wrong "parameters.schemes: not a list" $'[parameters]\nschemes = "mptcp"'
wrong "one name each" $'[parameters]\nschemes = ["all"]'
wrong "twice" $'[parameters]\nschemes = ["mptcp", "mptcp"]'
wrong "is no value of schemes" $'baseline = "tcp"\n[parameters]\nschemes = ["mptcp"]'
wrong "fixed.PrintHelp" $'[fixed]\nPrintHelp = true\n[parameters]\nschemes = ["mptcp"]'
wrong "fixed.run" $'[fixed]\nrun = 3\n[parameters]\nschemes = ["mptcp"]'
wrong "fixed.RngRun: use seeds" $'[fixed]\nRngRun = 3\n[parameters]\nschemes = ["mptcp"]'
wrong "fixed.RngSeed: use seed" $'[fixed]\nRngSeed = 3\n[parameters]\nschemes = ["mptcp"]'
# What only the program knows.
wrong "--bogus=1" $'[fixed]\nbogus = 1\n[parameters]\nschemes = ["mptcp"]'
wrong "--ns3::Foo::Bar=1" $'[fixed]\n"ns3::Foo::Bar" = 1\n[parameters]\nschemes = ["mptcp"]'
wrong "--duration=nan: not a number" $'[fixed]\nduration = nan\n[parameters]\nschemes = ["mptcp"]'
wrong "--wifiRate=fast: not a number" $'[parameters]\nschemes = ["mptcp"]\nwifiRate = [20, "fast"]'
wrong "no scheme can do that" \
    $'[fixed]\nupload = true\ntraffic = "requests"\n[parameters]\nschemes = ["mptcp"]'
if "$program" --PrintHelp | grep 'wifi access is:.*lte' >/dev/null; then
    radio()
    {
        wrong "$1" "$(printf '%s\n' '[fixed]' 'wifi = "wifi"' 'cellular = "lte"' 'event = "none"' "$2" \
            '[parameters]' 'schemes = ["mptcp"]')"
    }
    radio "--movement=walkout: unknown" 'movement = "walkout"'
    radio "Standard: 802.11z; accepted" '"ns3::WifiAccess::Standard" = "802.11z"'
    radio "RlcMode: XM; accepted" '"ns3::LteAccess::RlcMode" = "XM"'
    radio "Cells: here: not x,y" '"ns3::LteAccess::Cells" = "here"'
fi
wrong "is fixed too" $'[fixed]\nwifiLoss = 0\n[parameters]\nschemes = ["mptcp"]\nwifiLoss = [0, 1]'
refused "--jobs" campaign small.toml --jobs 0
refused "--profile" campaign small.toml --profile nowhere
refused "--profile" campaign small.toml --profile= --dry-run
refused "--again" campaign small.toml --again --status
refused "exclude each other" campaign small.toml --status --dry-run
refused "--output wants" campaign small.toml --output= --dry-run
refused "arguments: --stat" campaign small.toml --stat
refused "--jobs" campaign small.toml --jobs ² --dry-run
sed 's/^duration.*/duration = "4s"/' small.toml >unit.toml
campaign unit.toml --dry-run >told.txt || fail "$(cat told.txt)"
# What the page shows: 10 seeds, 3 strategies, 2 losses, 2 thresholds.
awk '/^```/ { open = $0 == "```toml"; next } open' "$MPTCP_SOURCE/doc/campaigns.md" >page.toml
campaign page.toml --dry-run >told.txt 2>&1 || fail "doc/campaigns.md: $(cat told.txt)"
grep -q '0 of 120 runs finished' told.txt || fail "doc/campaigns.md: $(tail -n 1 told.txt)"
# A reader that stops ends it by SIGPIPE, if it comes to write later.
{ campaign small.toml --dry-run || [ $? -eq 141 ]; } | head -n 1 >told.txt
[ -n "$(cat told.txt)" ] || fail "nothing is read through a pipe"
head -c 200000 /dev/zero | tr '\0' a >long.csv
: >empty.csv
refused "long.csv: cannot be read" "$mptcp" diff long.csv long.csv
refused "empty.csv: empty" "$mptcp" diff empty.csv empty.csv
refused "--tolerancefoo" "$mptcp" diff long.csv long.csv --tolerancefoo=1
mkdir -p record
for record in '{"program": "mptcp-handover"}' '{"program": "mptcp-handover", "arguments": 7}' \
    '{"program": "mptcp-handover", "arguments": [1], "ns3": "", "module": "", "compiler": ""}'; do
    echo "$record" >record/run.json
    refused "not the record" "$mptcp" rerun record
done
echo '{"program": "mptcp-handover", "arguments": ["--x"], "ns3": "", "module": "", "compiler": "",
    "folder": "/"}' \
    >record/run.json
refused "unknown argument --x" "$mptcp" rerun record
refused "OLD NEW" "$mptcp" diff one
refused "run.json" "$mptcp" rerun nowhere

told=$(campaign small.toml --output=whole --dry-run)
[[ $(grep -c '^mptcp-handover .*--run=' <<<"$told") -eq 4 && $told = *"0 of 4 runs finished"* ]] ||
    fail "--dry-run: $told"
[ ! -e whole ] || fail "--dry-run makes a folder"

# Without interruption.
campaign small.toml --output=whole --jobs 1 >whole.txt 2>&1 || {
    cat whole.txt whole/snakemake.log
    exit 1
}
for file in results.csv summary.csv report.html interruption.png interruption.pdf requests-cdf.png; do
    [ -s "whole/$file" ] || fail "no $file"
done
[ "$(wc -l <whole/results.csv)" -eq 9 ] || fail "not 2 strategies, 2 seeds, 2 kinds of traffic"
grep -q '^make-before-break,bulk,interruption_ms,2,' whole/summary.csv || fail "no interruption"
! grep -qE "$PWD|$program|seconds" whole/*.csv || fail "paths or times in the tables"
# Paired: the mean of the differences is the difference of the means.
python3 - whole/summary.csv <<'END'
import csv
import math
import sys
rows = {(r["schemes"], r["traffic"], r["metric"]): r for r in csv.DictReader(open(sys.argv[1]))}
a, b = (rows[s, "bulk", "goodput_mbps"] for s in ("make-before-break", "tcp-wifi"))
difference = float(a["mean"]) - float(b["mean"])
assert math.isclose(difference, float(a["difference"]), rel_tol=1e-4), (difference, a)
assert difference > 1, "make-before-break gets more than TCP on a WiFi that falls silent"
assert b["difference"] == "nan" and float(a["difference_interval_95"]) > 0, (a, b)
END

told=$(campaign small.toml --output=whole --dry-run)
[[ $told != *"--run="* && $told = *"4 of 4 runs finished"* ]] || fail "--dry-run: $told"
told=$(campaign small.toml --output=whole --dry-run --again)
[[ $(grep -c '^mptcp-handover .*--run=' <<<"$told") -eq 4 && $told = *"0 of 4 runs finished"*left* ]] ||
    fail "--dry-run --again: $told"

# Killed in the middle, all of its processes: setsid gives them a group of their own.
setsid "$mptcp" campaign small.toml --output=killed --jobs 1 >killed.txt 2>&1 &
pid=$!
for ((i = 0; i < 1200; i++)); do
    ls killed/runs/*/summary.csv >first.txt 2>/dev/null && break
    sleep 0.05
done
kill -KILL -- "-$pid"
wait "$pid" 2>/dev/null || true
finished=$(ls killed/runs/*/summary.csv | wc -l)
[ "$finished" -ge 1 ] && [ "$finished" -lt 4 ] || fail "$finished runs before the kill"
told=$(campaign small.toml --output=killed --status)
[[ $told = *"$finished of 4 runs finished"*left* ]] || fail "--status: $told"
before=$(stat -c '%i %Y %n' killed/runs/*/summary.csv)
campaign small.toml --output=killed --jobs 1 >killed.txt 2>&1 || {
    cat killed.txt killed/snakemake.log
    exit 1
}
while read -r line; do
    stat -c '%i %Y %n' killed/runs/*/summary.csv | grep -qxF "$line" || fail "run again: $line"
done <<<"$before"
cmp whole/results.csv killed/results.csv
cmp whole/summary.csv killed/summary.csv
"$mptcp" diff whole killed || fail "diff finds differences"

# Not because a script was edited, either.
before=$(stat -c '%i %n' killed/runs/*/summary.csv)
touch "$scripts/Snakefile" "$scripts/run-one.py"
campaign small.toml --output=killed >killed.txt 2>&1
[ "$before" = "$(stat -c '%i %n' killed/runs/*/summary.csv)" ] || fail "finished runs were repeated"

# A batch queue: Snakemake hands each run to sbatch, which here is a script.
mkdir -p bin
cat >bin/sbatch <<'END'
#!/usr/bin/env bash
# Stands in for Slurm's: takes options and a job script, runs it at once, and prints its number.
for script in "$@"; do :; done
echo "$@" >>"$SBATCH_LOG"
setsid "$script" >/dev/null 2>&1 </dev/null &
echo "$!"
END
chmod +x bin/sbatch
SBATCH_LOG=$PWD/sbatch.log PATH=$PWD/bin:$PATH campaign small.toml --output=queue \
    --profile "$MPTCP_SOURCE/examples/campaigns/slurm" --jobs 2 >queue.txt 2>&1 || {
    cat queue.txt queue/snakemake.log
    exit 1
}
[ "$(wc -l <sbatch.log)" -eq 4 ] || fail "sbatch was called $(wc -l <sbatch.log) times"
cmp whole/summary.csv queue/summary.csv

printf 'seeds = 1\n[fixed]\nduration = nan\n[parameters]\nschemes = ["mptcp"]\n' >nan.toml
campaign nan.toml --status >told.txt 2>&1 || fail "$(cat told.txt)"

# A run repeated from its record.
run=$(ls -d whole/runs/make-before-break-run2-*)
"$mptcp" rerun "$run" >told.txt 2>&1 || fail "the repetition differs: $(cat told.txt)"
sed -i.bak '2s/,bulk,1/,bulk,2/' "$run/summary.csv"
status=0
TMPDIR=$PWD "$mptcp" rerun "$run" >told.txt 2>&1 || status=$?
[ $status -eq 1 ] && grep -qx 'differs: summary.csv' told.txt || fail "status $status, told: $(cat told.txt)"
mv "$run/summary.csv.bak" "$run/summary.csv"

# Names of files mean what they meant where the command was typed, wherever runs and reruns are done.
mkdir -p place
sed 's/^seeds.*/seeds = 1/; s/^\[fixed\]/&\nevents = "events.txt"/' small.toml >place/events.toml
printf '1 wifi silent\n2 wifi up\n' >place/events.txt
(cd place && campaign events.toml) >told.txt 2>&1 || fail "$(cat told.txt)"
run=$(ls -d place/results/campaign-events/runs/make-before-break-*)
(cd / && "$mptcp" rerun "$OLDPWD/$run") >told.txt 2>&1 || fail "rerun elsewhere: $(cat told.txt)"
(
    cd place
    "$mptcp" handover --output=alone --schemes=tcp-wifi --events=events.txt --event=none --duration=3
) >told.txt 2>&1 || fail "$(cat told.txt)"
(cd / && "$mptcp" rerun "$OLDPWD/place/alone") >told.txt 2>&1 || fail "rerun: $(cat told.txt)"
# Results may have come from another machine.
mv place moved
run=${run/place/moved}
status=0
TMPDIR=$PWD "$mptcp" rerun "$run" >told.txt 2>&1 || status=$?
[ $status -eq 1 ] && grep -q "$PWD/place, where .* is not there" told.txt && grep -q events.txt told.txt ||
    fail "status $status: $(cat told.txt)"
(cd moved && "$mptcp" rerun "../$run") >told.txt 2>&1 || fail "moved: $(cat told.txt)"

# Tables that differ.
awk -F, -v OFS=, 'NR == 2 { $4 = $4 + 1 } 1' whole/results.csv >other.csv
status=0
told=$("$mptcp" diff whole/results.csv other.csv) || status=$?
[[ $status -eq 1 && $told = *"1 differences"* ]] || fail "diff of runs: status $status, $told"
printf 'scheme,value\na,1\na,2\n' >twice.csv
refused "twice.csv: two lines begin with a" "$mptcp" diff twice.csv twice.csv
awk -F, -v OFS=, '/^tcp-wifi,bulk,goodput_mbps/ { $5 = $5 * 1.001 } 1' whole/summary.csv >other.csv
status=0
told=$("$mptcp" diff whole/summary.csv other.csv) || status=$?
[[ $status -eq 1 && $told = *"tcp-wifi,bulk,goodput_mbps mean: "*"1 differences"* ]] ||
    fail "diff: status $status, $told"
"$mptcp" diff whole/summary.csv other.csv --tolerance=0.01 ||
    fail "diff --tolerance=0.01 finds a difference of 0.001"

# What fails is told with its command, and the others go on.
sed 's/^schemes.*/schemes = ["tcp-wifi"]\nwifiRate = [20, "fast"]/; s/^seeds.*/seeds = 1/; /^baseline/d' \
    small.toml >failing.toml
status=0
told=$(campaign failing.toml --output=failing 2>&1) || status=$?
[[ $status -eq 1 && $told = *"1 of 2 runs finished, 1 failed"* && $told = *"--wifiRate=fast"* &&
    $told = *"not a number"* && $told = *failing/logs/*.log* ]] || fail "status $status, told: $told"
[ "$(wc -l <failing/results.csv)" -eq 3 ] || fail "the other run has not gone on"

[ -n "${MPTCP_TEST_ALL-}" ] || exit 0
file=$MPTCP_SOURCE/examples/campaigns/handover.toml
campaign "$file" --output=all >all.txt 2>&1 || { cat all.txt; exit 1; }
setsid "$mptcp" campaign "$file" --output=all-killed >/dev/null 2>&1 &
pid=$!
while [ "$(ls all-killed/runs/*/summary.csv 2>/dev/null | wc -l)" -lt 50 ]; do sleep 0.5; done
kill -KILL -- "-$pid"
wait "$pid" 2>/dev/null || true
campaign "$file" --output=all-killed >all.txt 2>&1 || { cat all.txt; exit 1; }
cmp all/results.csv all-killed/results.csv
cmp all/summary.csv all-killed/summary.csv
awk 'FNR == 2 { sum += $1 } END { print sum " s of processor time"; exit sum > 600 }' \
    all/runs/*/seconds.txt || fail "more than ten minutes"
