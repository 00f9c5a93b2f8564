#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# In an ns-3 source tree none of the module's files, modules and examples is missing; ./mptcp tree
# refuses what is no tree. With --all it builds and tests in a real one.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
cmake -S "$MPTCP_SOURCE/test/tree" -B "$output" >"$output/log" 2>&1 || { cat "$output/log"; exit 1; }
lists=$output/lists
for part in sources headers tests; do
    case $part in
        sources) files=$(cd "$MPTCP_SOURCE" && find model helper -name '*.cc') ;;
        headers) files=$(cd "$MPTCP_SOURCE" && find model helper -name '*.h') ;;
        tests) files=$(cd "$MPTCP_SOURCE" && find test -name '*-test-suite.cc' -not -path 'test/radio/*') ;;
    esac
    missing=$(comm -23 <(sort <<<"$files") <(sort "$lists/mptcp.$part"))
    [ -n "$files" ] && [ -z "$missing" ] || { echo "no $part for build_lib(): $missing"; exit 1; }
done
examples=$(cd "$MPTCP_SOURCE/examples" && ls -- *.cc | sed 's/\.cc$//')
[ "$(sort "$lists/examples")" = "$(sort <<<"$examples")" ] || { cat "$lists/examples"; exit 1; }
for module in core network internet point-to-point applications stats csma traffic-control flow-monitor; do
    grep -qx "lib$module" "$lists/mptcp.libraries" || { echo "lib$module is not linked"; exit 1; }
done
grep -q '^#define MPTCP_NS3_MINOR 37 ' "$output/include/ns3/mptcp-config.h"

# What is no tree is told in one line.
mkdir -p "$output/old/src/core" "$output/bare/src/core" "$output/taken/src/core" \
    "$output/taken/contrib/mptcp"
echo 3.35 >"$output/old/VERSION"
echo 3.40 | tee "$output/bare/VERSION" >"$output/taken/VERSION"
touch "$output/old/waf" "$output/taken/ns3"
refused()
{
    local text=$1 status=0 told
    shift
    told=$("$MPTCP_SOURCE/mptcp" tree "$@" 2>&1) || status=$?
    [[ $status -eq 2 && $told = *"$text"* && $(wc -l <<<"$told") -eq 1 ]] ||
        { echo "tree $*: status $status, $told"; exit 1; }
}
refused "PATH"
refused "no ns-3 source tree" "$output"
refused "waf" "$output/old"
refused "no ./ns3" "$output/bare"
refused "not this module" "$output/taken"
refused "--jobs 0" --jobs 0 "$output/bare"
refused "--nothing" --nothing "$output/bare"
refused "one PATH" "$output/bare" "$output/old"

# A real tree, of Debian's source: half an hour.
[ -n "${MPTCP_TEST_ALL-}" ] || exit 0
command -v apt-get >/dev/null || { echo "no apt-get, so no source of ns-3 was built"; exit 0; }
"$MPTCP_SOURCE/mptcp" tree --copy --debian-source "$output/debian"
