#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp matrix names wrong options, and says that it needs root. With --all
# it builds on one release.
set -euo pipefail
refused()
{
    local text=$1 status=0 told
    shift
    told=$("$MPTCP_SOURCE/mptcp" matrix "$@" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"$text"* && $(wc -l <<<"$told") -eq 1 ]] ||
        { echo "matrix $*: status $status, $told"; exit 1; }
}
env -u HOME -u XDG_CACHE_HOME "$MPTCP_SOURCE/mptcp" matrix --help | grep -q '^Usage'
refused "--jobs 0" --jobs 0
refused "--nothing" --nothing
refused "Debian12" Debian12
refused "--cache wants" --cache
refused "--cache wants" --cache=
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    status=0
    told=$(setpriv --reuid=65534 --regid=65534 --clear-groups \
        bash -c 'root=$MPTCP_SOURCE; . "$root/scripts/setup.sh"; . "$root/scripts/matrix.sh"
                 verb_matrix' 2>&1) || status=$?
    [[ $status -eq 2 && $told = *root* && $(wc -l <<<"$told") -eq 1 ]] ||
        { echo "without root: status $status, $told"; exit 1; }
else
    refused "root" bookworm
fi
known=$(sed -n 's/.*(MPTCP_NS3_MINOR GREATER \([0-9]*\)).*/\1/p' "$MPTCP_SOURCE/cmake/MptcpDependencies.cmake")
[ "$known" -ge 48 ] || { echo "no newest release that is known: '$known'"; exit 1; }

# Another release than this machine's: half an hour.
[ -n "${MPTCP_TEST_ALL-}" ] || exit 0
[ "$(id -u)" -eq 0 ] || { echo "no root, so no other release was built"; exit 77; }
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
"$MPTCP_SOURCE/mptcp" matrix --build --cache "$output" trixie
