#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# In an ns-3 source tree none of the module's files, modules and examples is missing, and radios are
# built with wifi and lte only; ./mptcp tree refuses what is no tree. With --all it builds and tests in a real one.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
examples=$(cd "$MPTCP_SOURCE/examples" && ls -- *.cc | sed 's/\.cc$//')
for radio in OFF ON; do
    lists=$output/lists
    cmake -S "$MPTCP_SOURCE/test/tree" -B "$output" -DRADIO=$radio >"$output/log" 2>&1 ||
        { cat "$output/log"; exit 1; }
    folders=(model helper)
    without=test/radio/
    modules="core network internet point-to-point applications stats csma traffic-control flow-monitor"
    if [ $radio = ON ]; then
        folders+=(radio)
        without=none
        modules+=" wifi lte mobility propagation bridge"
    fi
    for part in sources headers tests; do
        case $part in
            sources) files=$(cd "$MPTCP_SOURCE" && find "${folders[@]}" -name '*.cc') ;;
            headers) files=$(cd "$MPTCP_SOURCE" && find "${folders[@]}" -name '*.h') ;;
            tests) files=$(cd "$MPTCP_SOURCE" && find test -name '*-test-suite.cc' -not -path "$without*") ;;
        esac
        missing=$(comm -23 <(sort <<<"$files") <(sort "$lists/mptcp.$part"))
        [ -n "$files" ] && [ -z "$missing" ] || { echo "no $part for build_lib(): $missing"; exit 1; }
    done
    [ "$(sort "$lists/examples")" = "$(sort <<<"$examples")" ] || { cat "$lists/examples"; exit 1; }
    for module in $modules; do
        grep -qx "lib$module" "$lists/mptcp.libraries" || { echo "lib$module is not linked"; exit 1; }
    done
    [ $radio = ON ] || ! grep -E 'radio/|^libwifi$|^liblte$' "$lists"/mptcp.* ||
        { echo "radios without --enable-modules=wifi,lte"; exit 1; }
    grep -q '^#define MPTCP_NS3_MINOR 37 ' "$output/include/ns3/mptcp-config.h"
done
# Without radios, headers of no other module are asked for: a tree builds only what is linked. What
# ns-3's internet module brings along is bridge and mpi.
ns3=$(sed -n 's/^ns3_DIR:PATH=//p' "$MPTCP_BUILD/CMakeCache.txt")
headers=${ns3%/lib/*}/include/ns3
[ -f "$headers/core-module.h" ] || { echo "no headers of ns-3 in $headers"; exit 1; }
allowed=" core network internet point-to-point applications stats csma traffic-control flow-monitor bridge mpi mptcp "
for module in "$headers"/*-module.h; do
    name=$(basename "$module" -module.h)
    [[ $allowed = *" $name "* ]] || sed -n 's/.*#include <\(ns3\/.*\)>.*/\1/p' "$module"
done | sort -u >"$output/others"
find "$MPTCP_SOURCE"/{model,helper,examples,test} -name '*.cc' -o -name '*.h' | grep -v /test/radio/ |
    while IFS= read -r file; do
        sed '/^#ifdef MPTCP_\(RADIO\|NETANIM\)/,/^#\(else\|endif\)/d' "$file" |
            sed -n 's/^#include "\(ns3\/.*\)".*/\1/p' | sort -u | comm -12 - "$output/others" |
            sed "s|^|${file#"$MPTCP_SOURCE"/} needs a module that is not linked: |"
    done >"$output/found"
[ ! -s "$output/found" ] || { cat "$output/found"; exit 1; }
# Which release it may be is told here too; a development tree is newer than all.
for release in 3.35 3.36.1 3.37 3.48 3.49 3-dev; do
    case $release in
        3.35 | 3.36.1) expected="too old: 3.37 or later" ;;
        3.37 | 3.48) expected="" ;;
        *) expected="newer than 3.48" ;;
    esac
    status=0
    cmake -S "$MPTCP_SOURCE/test/tree" -B "$output/release" -DNS3_VER=$release >"$output/log" 2>&1 || status=$?
    told=$(tr -s ' \n' ' ' <"$output/log" | grep -oE 'too old: 3.37 or later|newer than 3.48' || true)
    [ "$told" = "$expected" ] && [[ $expected = too* || $status -eq 0 ]] && [[ $expected != too* || $status -ne 0 ]] ||
        { cat "$output/log"; echo "a tree of $release: status $status, '$told'"; exit 1; }
done
# The scripts of a tree take what is linked in this file for what the module always needs.
! grep -nE '\{lib(wifi|lte)' "$MPTCP_SOURCE/CMakeLists.txt" || exit 1

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
refused "--debian-source wants" --debian-source=
refused "one PATH" "$output/bare" "$output/old"

# A checkout that is contrib/mptcp already stays, and so does another one.
mock=$output/mock
mkdir -p "$mock/src/core" "$mock/contrib/mptcp"
echo 3.40 >"$mock/VERSION"
printf '#!/bin/sh\nexit 1\n' >"$mock/ns3"
chmod +x "$mock/ns3"
cp -R "$MPTCP_SOURCE"/{mptcp,scripts,cmake} "$mock/contrib/mptcp"
cp -R "$mock" "$output/nested"
touch "$mock/contrib/mptcp/.git"
for option in --quick --copy; do
    status=0
    told=$(MPTCP_PREBUILT=$output "$mock/contrib/mptcp/mptcp" tree $option "$mock" 2>&1) || status=$?
    [[ $status -eq 1 && $told = *"FAIL  configure"* && -f $mock/contrib/mptcp/mptcp ]] ||
        { echo "tree $option around the checkout: status $status, $told"; exit 1; }
done
MPTCP_PREBUILT=$output refused "is a clone" --copy "$mock"
[ -e "$mock/contrib/mptcp/.git" ] || { echo "tree --copy has deleted a clone"; exit 1; }
mv "$output/nested" "$mock/contrib/mptcp/nested"
status=0
told=$(MPTCP_PREBUILT=$output "$mock/contrib/mptcp/mptcp" tree --copy "$mock/contrib/mptcp/nested" 2>&1) || status=$?
[[ $status -eq 2 && $told = *"lies in the module"* ]] ||
    { echo "a tree in the module: status $status, $told"; exit 1; }

# A real tree, of Debian's source: half an hour. Then there the lines of README.md as they are.
[ -n "${MPTCP_TEST_ALL-}" ] || exit 0
command -v apt-get >/dev/null || { echo "no apt-get, so no source of ns-3 was built"; exit 77; }
"$MPTCP_SOURCE/mptcp" tree --copy --debian-source "$output/debian"
cd "$(dirname "$(find "$output/debian" -name ns3 -type f -path '*/ns*/ns3' | head -n 1)")"
rm -rf contrib/mptcp cmake-cache
# ns-3's scripts refuse by the name of root.
[ "$(id -u)" -ne 0 ] || export USER=builder
count=0
while IFS= read -r typed; do
    echo "$typed"
    eval "${typed/PATH-OF-THIS-CLONE/\"\$MPTCP_SOURCE\"}" </dev/null >"$output/log" 2>&1 ||
        { tail -n 50 "$output/log"; exit 1; }
    count=$((count + 1))
done < <(sed -n '/^    ln -s /,/^$/s/^    //p' "$MPTCP_SOURCE/README.md")
[ "$count" -eq 5 ]
