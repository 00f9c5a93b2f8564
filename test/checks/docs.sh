#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The manual's tables have each class of the module, and each attribute and trace source has a help
# text; those of a socket, and what packet scripts know, stand on their pages. What the pages for
# beginners show stands in programs that are compiled and run here. With --all ./mptcp docs makes
# the whole manual, and the API's documentation, without a warning.
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
cd "$MPTCP_SOURCE"

"$MPTCP_BUILD/docs/mptcp-types" "$output"
radio=
[ ! -e "$(echo "$MPTCP_BUILD"/libns3*-mptcp-radio.so)" ] || radio=radio
python3 - "$output" $radio <<'END'
import pathlib
import re
import sys

output = pathlib.Path(sys.argv[1])
tables = (output / "attributes.md").read_text()
traces = (output / "traces.md").read_text()


def sources(folders):
    """Sources, strings of several pieces made one."""
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*.cc")):
            yield re.sub(r'"\s*"', "", path.read_text(encoding="utf-8"))


text = "".join(sources(["model", "helper", *sys.argv[2:]]))
classes = re.findall(r'TypeId\("(ns3::\w+)"\)', text)
attributes = re.findall(r'\.AddAttribute\(\s*"(\w+)"', text)
trace_sources = re.findall(r'\.AddTraceSource\(\s*"(\w+)"', text)
missing = ["class " + name for name in classes if "\n`%s`, a `" % name not in tables]
missing += ["attribute " + name for name in attributes if "\n| `%s` |" % name not in tables]
missing += ["trace source " + name for name in trace_sources if "\n| `%s` |" % name not in traces]
rows = (tables.count("\n| `"), traces.count("\n| `"))
print("%d classes, %d attributes, %d trace sources" % (len(classes), *rows))
if missing or rows[0] < len(attributes) or rows[1] < len(trace_sources):
    sys.exit("not in the tables: %s; in the sources: %d attributes, %d trace sources"
             % (missing, len(attributes), len(trace_sources)))
if len(classes) < 80 or not attributes or not trace_sources:
    sys.exit("the sources are not understood")

# A socket's attributes, and the traces of its connections, stand in the manual's own tables.


def registered(path, what):
    """Names of attributes or trace sources that a file registers."""
    return re.findall(r'\.Add%s\(\s*"(\w+)"' % what, pathlib.Path(path).read_text(encoding="utf-8"))


def expect(section, names, where):
    """That each name stands in the section, in backticks."""
    left_out = [name for name in names if "`%s`" % name not in section]
    if not names or left_out:
        sys.exit("%s: nothing about %s" % (where, left_out or "anything"))


manual = pathlib.Path("doc/manual.md").read_text(encoding="utf-8")
chapters = {part.split("\n")[0]: part for part in manual.split("\n### ")}
expect(chapters["Attributes"], registered("model/socket/mptcp-socket-attributes.cc", "Attribute"),
       "doc/manual.md, Attributes")
for path in ("model/node/mptcp-l4-protocol.cc", "model/connection/mptcp-connection.cc",
             "model/subflow/mptcp-subflow.cc"):
    expect(chapters["Traces"], registered(path, "TraceSource"), "doc/manual.md, Traces")

# What packet scripts know stands on their page.
page = pathlib.Path("doc/testing.md").read_text(encoding="utf-8")
scripts = pathlib.Path("test/script/packet-script.cc").read_text(encoding="utf-8")
options = re.findall(r'^    \{"(mp_\w+|dss|\w+_addr)", \{(.*)\}\},$', scripts, re.M)
if len(options) < 8:
    sys.exit("test/script/packet-script.cc is not understood")
for option, fields in options:
    row = re.search(r"^\| `%s` \|(.*)" % option, page, re.M)
    for field in re.findall(r'"(\w+=?)"', fields):
        if not row or "`" + field not in row.group(1):
            sys.exit("doc/testing.md: nothing about %s of %s" % (field, option))
errors = pathlib.Path("test/script/script-icmp.cc").read_text(encoding="utf-8")
expect(page, re.findall(r'^    \{"(\w+)", -?\d', errors, re.M), "doc/testing.md")

# Snippets: each stands in a program, or is put into the one of ./mptcp new, which is built below.


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


programs = ["\n".join(lines(path.read_text(encoding="utf-8")))
            for path in [*pathlib.Path("examples").glob("*.cc"), pathlib.Path("scripts/new/program.cc")]]
own = []
for page in ("tutorial.md", "extending.md"):
    blocks = re.findall(r"```cpp\n(.*?)```", (pathlib.Path("doc") / page).read_text(encoding="utf-8"),
                        re.S)
    for block in blocks:
        if not any("\n".join(lines(block)) in program for program in programs):
            if page != "tutorial.md":
                sys.exit("doc/%s: in no program:\n%s" % (page, block))
            own.append(block)
    if len(blocks) < 5:
        sys.exit("doc/%s: only %d blocks" % (page, len(blocks)))
for number, block in enumerate(own):
    (output / ("change-%d" % number)).write_text(block)
# Files and functions that pages name exist.
for page in ("extending.md", "validation.md"):
    for name in re.findall(r"`((?:model|test|doc|helper|examples)/[\w./-]+)`",
                           (pathlib.Path("doc") / page).read_text(encoding="utf-8")):
        if not pathlib.Path(name).exists():
            sys.exit("doc/%s: there is no %s" % (page, name))
END

# Both ways of the path manager of one's own: a short transfer keeps to one network.
"$MPTCP_BUILD/examples/own-path-manager"
"$MPTCP_BUILD/examples/own-path-manager" --duration=1.5
[ "$(wc -l <examples/own-path-manager.cc)" -le 110 ]

# The tutorial's changes, each alone, in the program that it begins with.
export MPTCP_PREBUILT=$MPTCP_BUILD
(cd "$output" && "$MPTCP_SOURCE/mptcp" new mine >told) || { cat "$output/told"; exit 1; }
cp "$output/mine/mine.cc" "$output/mine.cc"
python3 - "$output" <<'END'
import pathlib
import sys

# All of them in one program, which takes the number of the one to do.
output = pathlib.Path(sys.argv[1])
text = (output / "mine.cc").read_text()
defaults = actions = ""
for path in sorted(output.glob("change-*")):
    code = "    if (change == %s)\n    {\n%s    }\n" % (path.name[7:], path.read_text())
    if "Config::SetDefault" in code:
        defaults += code
    else:
        actions += code
assert defaults and actions
for before, code in (("    cmd.Parse", '    int change = -1;\n    cmd.AddValue("change", "which", change);\n'),
                     ("    NodeContainer nodes", defaults), ("    Simulator::Run", actions)):
    assert text.count(before) == 1, before
    text = text.replace(before, code + before)
(output / "mine" / "mine.cc").write_text(text)
END
# goodput OPTION...: in Mb/s
goodput()
{
    "$output/mine/run" "$@" >"$output/told" || { cat "$output/told" >&2; exit 1; }
    sed -n 's|^\([0-9.]*\) Mb/s over links of .*|\1|p' "$output/told"
}
both=$(goodput)
# The page shows what one release of ns-3 gives; others differ a little.
shown=$(sed -n 's|^\([0-9.]*\) Mb/s over links of 10 and 5 Mb/s$|\1|p' doc/tutorial.md)
awk -v x="$both" -v shown="$shown" 'BEGIN { exit !(shown > 0 && x > 0.95 * shown && x < 1.05 * shown) }' ||
    { echo "doc/tutorial.md shows '$shown' Mb/s, the program has $both"; exit 1; }
# The options that the page shows.
count=0
while read -r -a options; do
    now=$(goodput "${options[@]}")
    [ -n "$now" ]
    echo "${options[*]}: $now Mb/s"
    count=$((count + 1))
done < <(sed -n 's|^    \.\./mine/run \(--.*\)|\1|p' doc/tutorial.md)
[ "$count" -ge 2 ]
number=0
for change in "$output"/change-*; do
    now=$(goodput --change=$number)
    # Without the first link for 7 of 20 s; by one link only; as before, or a bit less.
    case $(cat "$change") in
        *SetDown*) range="7.5 11.5" ;;
        *Multipath*) range="8.5 9.9" ;;
        *RoundRobin*) range="10 14.5" ;;
        *) echo "what does this do: $(cat "$change")"; exit 1 ;;
    esac
    echo "change $number: $now Mb/s of $both, range $range"
    awk -v x="$now" -v range="$range" 'BEGIN { split(range, r, " "); exit !(x >= r[1] && x <= r[2]) }'
    number=$((number + 1))
done
[ "$number" -eq 3 ]

[ -n "${MPTCP_TEST_ALL-}" ] || exit 0
(
    unset MPTCP_PREBUILT
    root=$MPTCP_SOURCE
    . scripts/setup.sh
    need $packages_for_docs
)
./mptcp docs
for page in index tutorial scope design usage attributes traces examples validation references; do
    [ -s "build/docs/html/$page.html" ] || { echo "no $page.html"; exit 1; }
done
grep -q 'MptcpFullMesh' build/docs/html/attributes.html
[ -s build/docs/api/classns3_1_1MptcpSocket.html ]
