#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ./mptcp test, in a folder with one suite that takes its time: a second one beside it leaves its
# logs alone, a crash behind a skipped case is a failure, only a check may be skipped by its status,
# and a check that cannot be executed is not passed over.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
cp -R "$MPTCP_SOURCE"/{mptcp,scripts} "$output"
mkdir -p "$output/build/test" "$output/test/checks"
cat >"$output/build/test/mptcp-test-runner" <<'END_OF_RUNNER'
#!/bin/sh
[ "$1" != --list ] || { echo mptcp-slow; exit; }
while [ ! -e ../../../go ]; do sleep 0.1; done
echo '  PASS slow'
END_OF_RUNNER
printf '#!/bin/sh\n' >"$output/test/checks/right.sh"
chmod +x "$output/build/test/mptcp-test-runner" "$output/test/checks/right.sh"
export MPTCP_PREBUILT=$output/build
cd "$output"

./mptcp test mptcp-slow >first 2>&1 &
for ((i = 0; i < 100; i++)); do
    [ ! -e build/test-logs/mptcp-slow.log ] || break
    sleep 0.1
done
status=0
told=$(timeout 20 ./mptcp test mptcp-slow 2>&1) || status=$?
touch go
[[ $status -eq 1 && $told = *"another ./mptcp test"*"$output/build" && $(wc -l <<<"$told") -eq 1 ]] ||
    { echo "a second one: status $status, $told"; exit 1; }
wait $! || { cat first; echo "the first one fails"; exit 1; }
grep -qx '1 passed, 0 failed, 0 skipped' first || { cat first; exit 1; }
./mptcp test mptcp-slow >first 2>&1 || { cat first; echo "none after the first one"; exit 1; }

# Where its output is said to be it is, wherever one stands.
echo 'exit 1' >>build/test/mptcp-test-runner
! (cd / && "$output/mptcp" test mptcp-slow) >first 2>&1 || { cat first; echo "a failure passes"; exit 1; }
log=$(sed -n 's/.*(all of it: \(.*\))$/\1/p' first)
(cd / && grep -q 'PASS slow' "$log") || { cat first; exit 1; }

# What crashes behind a skipped case fails; so does what says that it was skipped, and is no check.
cat >build/test/mptcp-gtest <<'END_OF_GTEST'
#!/bin/sh
echo 'a.cc:1: Skipped'
echo 'no IPv6'
echo '[  SKIPPED ] A.Skipped (0 ms)'
echo '[       OK ] A.Right (0 ms)'
[ ! -e ../../../crash ] || kill -SEGV $$
END_OF_GTEST
chmod +x build/test/mptcp-gtest
expect()
{
    local name=$1 last=$2 text=$3
    ./mptcp test "$name" >first 2>&1 || true
    [ "$(tail -n 1 first)" = "$last" ] && grep -qxE "$text" first ||
        { cat first; echo "$name: no '$last', or no '$text'"; exit 1; }
}
expect mptcp-gtest '1 passed, 0 failed, 1 skipped' 'skipped A.Skipped: no IPv6'
touch crash
expect mptcp-gtest '1 passed, 1 failed, 1 skipped' 'FAIL  mptcp-gtest \(killed by signal 11\).*'
cat >build/test/mptcp-test-runner <<'END_OF_RUNNER'
#!/bin/sh
[ "$1" != --list ] || { echo mptcp-slow; exit; }
echo '  PASS slow'
exit 77
END_OF_RUNNER
expect mptcp-slow '1 passed, 1 failed, 0 skipped' 'FAIL  mptcp-slow .*'
printf '#!/bin/sh\necho no clock\nexit 77\n' >test/checks/right.sh
expect check-right '0 passed, 0 failed, 1 skipped' 'skipped check-right: no clock'

# Rows of interop that this kernel cannot have are told, each by itself.
mkdir interop
printf '#!/bin/sh\necho "pass  A, IPv4 (1.0 s)"\necho "skip  B, IPv4: no BBR"\n' >interop/run
chmod +x interop/run
expect interop '1 passed, 0 failed, 1 skipped' 'skipped interop, B, IPv4: no BBR'

touch test/checks/forgotten.sh
status=0
told=$(./mptcp test --list 2>&1) || status=$?
[[ $status -eq 1 && $told = *"test/checks/forgotten.sh"* && $(wc -l <<<"$told") -eq 1 ]] ||
    { echo "a check that cannot be executed: status $status, $told"; exit 1; }
