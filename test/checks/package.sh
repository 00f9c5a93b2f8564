#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What `cmake --install` and `cpack` make is of use: a project of two lines finds it, compiles all
# of its headers, links and runs; the Debian package depends on the ns-3 that it was built for; next
# to another release it says why it is not found.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
version=$(cat "$MPTCP_SOURCE/VERSION")
minor=$(sed -n 's/^#define MPTCP_NS3_MINOR \([0-9]*\).*/\1/p' "$MPTCP_BUILD/generated/mptcp-config.h")

# Fails with its output only.
quietly()
{
    "$@" >"$output/log" 2>&1 || { cat "$output/log"; echo "failed: $*"; exit 1; }
}

quietly cmake --install "$MPTCP_BUILD" --prefix "$output/prefix"
# Nothing in it may lead back to where it was built.
! grep -rlE "(^|[^[:alnum:]_.-])($MPTCP_SOURCE|$MPTCP_BUILD)([^[:alnum:]_.-]|\$)" \
    "$output"/prefix/lib*/cmake "$output/prefix/include" ||
    { echo "these name folders of the build"; exit 1; }

quietly cmake -S "$MPTCP_SOURCE/test/package" -B "$output/user" \
    -DCMAKE_PREFIX_PATH="$output/prefix" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror -Wl,--as-needed"
quietly cmake --build "$output/user"
told=$("$output/user/package-user")
[ "$told" = "ns3::MptcpSocket of ns3-mptcp $version" ] || { echo "it says: $told"; exit 1; }

# Beside another release of ns-3, be it one that the module cannot be built with.
mkdir "$output/other"
for release in 3.99 3.36; do
    echo "set(ns3_VERSION $release)" >"$output/other/ns3Config.cmake"
    if cmake -S "$MPTCP_SOURCE/test/package" -B "$output/refused" -Dns3_DIR="$output/other" \
        -DCMAKE_PREFIX_PATH="$output/prefix" >"$output/log" 2>&1; then
        echo "a package for ns-3.$minor is taken for one for $release"
        exit 1
    fi
    tr -s ' \n' ' ' <"$output/log" | grep -qF "built for ns-3.$minor, and the ns-3 here is $release" ||
        { cat "$output/log"; exit 1; }
done

command -v dpkg-deb >/dev/null || { echo "no dpkg-deb, so no package of Debian was made"; exit 77; }
# As one types it in a clone, where nothing is left.
rm -f "$MPTCP_BUILD"/libns3-mptcp-dev_*.deb
mkdir "$output/clone"
(cd "$output/clone" && quietly cpack --config "$MPTCP_BUILD/CPackConfig.cmake")
[ -z "$(ls -A "$output/clone")" ] || { echo "cpack leaves behind:"; ls -A "$output/clone"; exit 1; }
package=("$MPTCP_BUILD"/libns3-mptcp-dev_*.deb)
dpkg-deb -I "${package[0]}" >"$output/told"
for text in "Package: libns3-mptcp-dev" "Version: $version" "libns3-dev (>= 3.$minor)" \
    "libns3-dev (<< 3.$((minor + 1))~)" "libns3.$minor (>=" "libnettle" "libboost-context"; do
    grep -qF "$text" "$output/told" || { cat "$output/told"; echo "no '$text'"; exit 1; }
done
quietly dpkg-deb -x "${package[0]}" "$output/root"
quietly cmake -S "$MPTCP_SOURCE/test/package" -B "$output/user" \
    -Dns3-mptcp_DIR="$output/root/usr/lib/cmake/ns3-mptcp"
quietly cmake --build "$output/user"
told=$("$output/user/package-user")
[ "$told" = "ns3::MptcpSocket of ns3-mptcp $version" ] || { echo "from the .deb: $told"; exit 1; }
