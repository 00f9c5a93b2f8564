#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each file, or those that are named, says its licence in its first lines; data without comments are
# what they are.
set -euo pipefail
cd "$MPTCP_SOURCE"
fewest=300
if [ $# -gt 0 ]; then
    files=$(printf '%s\n' "$@")
    fewest=0
# Without git, where it refuses a clone of somebody else's, or knows only a repository around this
# folder: all that no tool has made.
elif ! files=$(git ls-files 2>/dev/null) || [ -z "$files" ]; then
    files=$(find . -type f -not -path './build/*' -not -path './results/*' -not -path './.git/*' \
        -not -path '*/__pycache__/*' -printf '%P\n')
fi
count=0
wrong=
while IFS= read -r file; do
    case $file in
        LICENSE | VERSION | .gitignore | *.pcap | *.png | *.pdf | *.json | *.csv | *.dict | *.svg) continue ;;
        test/fuzz/corpus/* | test/vectors/*) continue ;;
    esac
    [ -f "$file" ] || continue
    count=$((count + 1))
    head -n 5 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-only' || wrong+=" $file"
done <<<"$files"
[ -z "$wrong" ] || { echo "no licence in:$wrong"; exit 1; }
[ "$count" -ge "$fewest" ] || { echo "only $count files were looked at"; exit 1; }
echo "$count files"
