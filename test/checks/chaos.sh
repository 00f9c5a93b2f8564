#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp chaos: 200 runs lose nothing; a seed gives the same run again; what fails is shrunk and
# told with the line that repeats it; wrong options are named.
set -euo pipefail
program=$MPTCP_BUILD/chaos/mptcp-chaos
run=$MPTCP_SOURCE/chaos/run
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

"$run" --runs=200 --jobs=1 --output="$output"

first=$("$program" --seed=3 --pcap="$output/first")
again=$("$program" --seed=3 --pcap="$output/again")
[ "$first" = "$again" ] || { echo "$first, and the same seed again: $again"; exit 1; }
for capture in "$output"/first-*.pcap; do
    cmp "$capture" "${capture/first-/again-}"
done

# A program that fails as soon as its events 3 and 7 happen, of 12.
mkdir -p "$output/chaos"
cat >"$output/chaos/mptcp-chaos" <<'END'
#!/usr/bin/env bash
events=,1,2,3,4,5,6,7,8,9,10,11,12,
for argument in "$@"; do
    case $argument in
        --events=*) events=,${argument#--events=}, ;;
        --print) print=yes ;;
    esac
done
if [ -n "${print-}" ]; then
    tr , '\n' <<<"$events" | sed -n 's/..*/&: an event/p'
elif [[ $events = *,3,* && $events = *,7,* ]]; then
    echo "  three and seven"
    exit 1
fi
END
chmod +x "$output/chaos/mptcp-chaos"
status=0
told=$(MPTCP_BUILD=$output "$run" --seed=5 --runs=1 --output="$output") || status=$?
for text in "FAIL  seed 5" "three and seven" "with 2 of 12 events" \
    "again: ./mptcp chaos --seed=5 --events=3,7" "1 runs, 1 failed"; do
    [[ $status -eq 1 && $told = *"$text"* ]] || { echo "status $status, no '$text' in: $told"; exit 1; }
done

for wrong in --runs=0 --runs=many --seed=-1 --jobs=0 --events=1,x --nothing more "--seed" --output=/dev/null --output=; do
    status=0
    told=$("$run" "$wrong" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"${wrong%%=*}"* && $(wc -l <<<"$told") -eq 1 ]] ||
        { echo "$wrong: status $status, $told"; exit 1; }
done
# The line that doc/chaos.md shows is accepted, and stands for what it shows.
line=$(sed -n 's|^again: ./mptcp chaos ||p' "$MPTCP_SOURCE/doc/chaos.md")
plan=$("$run" $line --print) || { echo "doc/chaos.md: $line is refused"; exit 1; }
while IFS= read -r event; do
    grep -qxF "${event#  }" <<<"$plan" || { echo "doc/chaos.md: $line has no '$event': $plan"; exit 1; }
done < <(grep -E '^  ([0-9]+|path [0-9]+|seed [0-9]+): ' "$MPTCP_SOURCE/doc/chaos.md")
status=0
told=$("$run" --events=999 2>&1) || status=$?
[[ $status -eq 2 && $told = *999* ]] || { echo "--events=999: status $status, $told"; exit 1; }
