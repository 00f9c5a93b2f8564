#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each snippet in C++ and C on the manual's pages compiles, runs, and does what the page says:
# test/docs/snippets.*.in say in which surroundings. check-docs and check-readme have those of the
# tutorial, of extending.md and of the README.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
python3 - "$MPTCP_SOURCE" "$output" <<'END'
import pathlib
import re
import sys

root, output = map(pathlib.Path, sys.argv[1:])
blocks = {}
for page in sorted((root / "doc").glob("*.md")):
    if page.name in ("tutorial.md", "extending.md"):
        continue
    text = page.read_text(encoding="utf-8")
    found = re.finditer(r"^```(?:cpp|c)\n(.*?)^```", text, re.M | re.S)
    for number, block in enumerate(found, 1):
        line = text[:block.start(1)].count("\n") + 1
        blocks[page.name, number] = '#line %d "%s"\n%s' % (line, page, block.group(1))
used = []


def place(mark):
    key = mark.group(1), int(mark.group(2))
    if key not in blocks:
        sys.exit("test/docs wants snippet %d of doc/%s, which is not there" % key[::-1])
    used.append(key)
    line = mark.string[:mark.start()].count("\n") + 2
    return '%s#line %d "%s"' % (blocks[key], line, name)


for name in ("snippets.cc", "snippets.c"):
    text = (root / "test/docs" / (name + ".in")).read_text(encoding="utf-8")
    (output / name).write_text(re.sub(r"^ *//@ (\S+) (\d+)$", place, text, flags=re.M))
(output / "hello.c").write_text(blocks["posix.md", 1])
used.append(("posix.md", 1))
if sorted(used) != sorted(blocks):
    sys.exit("snippets that are not in test/docs once: %s"
             % sorted(key for key in blocks if used.count(key) != 1))
print("%d snippets" % len(used))
END

cp "$MPTCP_SOURCE/test/docs/CMakeLists.txt" "$output"
cd "$output"
export MPTCP_PREBUILT=$MPTCP_BUILD
for program in hello snippets; do
    "$MPTCP_SOURCE/mptcp" cc "$program.c"
done
# A program's flags are not those of what is linked into it.
for flags in -D_GNU_SOURCE -std=c11 -D_POSIX_C_SOURCE=200809L "-Wpedantic -Wall -Wextra -Werror"; do
    "$MPTCP_SOURCE/mptcp" cc $flags hello.c
done
echo 'int answer(void) { return 42; }' >nothing.c
! told=$("$MPTCP_SOURCE/mptcp" cc nothing.c 2>&1)
[ "$told" = "mptcp: cc: nothing.c: has no main()" ] || { echo "without main(): $told"; exit 1; }
cmake -S . -B build -Dns3-mptcp_DIR="$MPTCP_BUILD/package" -DCLONE="$MPTCP_SOURCE" >log || { cat log; exit 1; }
cmake --build build >log || { cat log; exit 1; }
build/snippets
"$MPTCP_BUILD/posix/mptcp-posix-check" build/posix/hello.so

# The packet script of doc/testing.md passes, and fails as the page says where another ACK number is
# expected; its lines with an ICMP error stand in a script that is a test.
# block TEXT: the fenced lines that have the text in the first one.
block()
{
    awk -v text="$1" '/^```/ { open = !open; first = 1; next }
                      open && first { shown = index($0, text); first = 0 }
                      open && shown' "$MPTCP_SOURCE/doc/testing.md" | grep .
}
block "// RFC 8684 section 3.2" >join.pkt
"$MPTCP_BUILD/test/mptcp-script" join.pkt
sed -i '8s/ack 1 /ack 2 /' join.pkt
! "$MPTCP_BUILD/test/mptcp-script" join.pkt >told || { echo "the wrong ACK number passes"; exit 1; }
block "FAIL  join.pkt:8" >expected
diff told expected
block "+0   > . 1:1461(1460) ack 1" >expected
grep -xFf expected "$MPTCP_SOURCE/test/script/icmp-frag-needed.pkt" | diff - expected
