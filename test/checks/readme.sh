#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What README.md, CONTRIBUTING.md and the pages on releases show exists: C++ blocks stand in the
# example that they name, links lead somewhere, and each command is run here, or by the check that is
# named here. What other pages ask of ./mptcp it knows. VERSION is the version everywhere.
set -euo pipefail
cd "$MPTCP_SOURCE"
pages=(README.md CONTRIBUTING.md doc/releases.md doc/app-store.md)
python3 - "$MPTCP_SOURCE" "${pages[@]}" <<'END'
import pathlib
import re
import sys
import textwrap

root = pathlib.Path(sys.argv[1])
text = (root / "README.md").read_text(encoding="utf-8")
blocks = re.findall(r"```cpp\n(.*?)```", text, re.S)
example = textwrap.dedent((root / "examples/mptcp-first.cc").read_text(encoding="utf-8")
                          .split("{", 1)[1].replace("\n}\n", "\n"))
missing = [block for block in blocks if block.strip() not in example]
dead = []
for page in sys.argv[2:]:
    links = re.findall(r"\]\(([^)#]+)\)", (root / page).read_text(encoding="utf-8"))
    dead += [link for link in links
             if "://" not in link and not ((root / page).parent / link).exists()]
if not blocks or missing or dead:
    sys.exit("README.md: %d blocks, not in the example: %s; dead links: %s"
             % (len(blocks), missing, dead))
cmake = re.findall(r"```cmake\n(.*?)```", text, re.S)
user = (root / "test/package/CMakeLists.txt").read_text(encoding="utf-8")
for line in "".join(cmake).replace("my-program", "package-user").splitlines():
    if line not in user:
        sys.exit("README.md: '%s' is not in test/package" % line)

version = (root / "VERSION").read_text().strip()
for name, pattern in (("CITATION.cff", r"^version: (.*)$"), ("CHANGES.md", r"^## ([0-9.]+)"),
                      ("doc/app-store.md", r"the tag `v(.*)`")):
    found = re.search(pattern, (root / name).read_text(encoding="utf-8"), re.M)
    if not found or found.group(1) != version:
        sys.exit("%s: version %s, VERSION: %s" % (name, found and found.group(1), version))
END

# run WORDS: ./mptcp with what is built already, away from the checkout.
export MPTCP_PREBUILT=$MPTCP_BUILD
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
run()
{
    (cd "$output" && "$MPTCP_SOURCE/mptcp" "$@") >"$output/log" 2>&1 ||
        { cat "$output/log"; echo "failed: ./mptcp $*"; exit 1; }
}

commands=$({
    sed -n 's/^    \(\(\.\.\?\/\|cmake \|cpack \|ln \|git \|cd \)[^#]*\).*/\1/p' "${pages[@]}"
    grep -ohE '`\./mptcp [a-z][^`]*`' "${pages[@]}" | tr -d '`'
} | sed 's/ *$//' | sort -u)
count=0
while IFS= read -r command; do
    count=$((count + 1))
    case $command in
        "./mptcp test"* | "./mptcp build" | "./mptcp build && cpack"*) ;; # this is it
        "./mptcp lint --no-tidy" | "./mptcp lint" | "./mptcp lint --fix" | "./mptcp lint FILE.cc") run lint --help ;;
        "./mptcp run "*) run ${command#./mptcp } ;;
        "./mptcp handover")
            # The suite mptcp-handover runs its schemes; the whole of it takes longer.
            if [ -n "${MPTCP_TEST_ALL-}" ]; then run handover; else run handover --help; fi
            ;;
        "./mptcp --help") run --help ;;
        "./mptcp new ../mine" | "../mine/run") [ -x test/checks/new.sh ] ;;
        "cmake --install build/release --prefix /usr/local" | \
            "cpack --config build/release/CPackConfig.cmake") [ -x test/checks/package.sh ] ;;
        "ln -s PATH-OF-THIS-CLONE contrib/mptcp" | "cd "* | "git clone REPOSITORY mptcp" | "./ns3 "* | \
            "./test.py -s mptcp" | "./mptcp tree"*) [ -x test/checks/tree.sh ] ;;
        "./mptcp matrix") [ -x test/checks/matrix.sh ] ;;
        "./mptcp bench"* | "./mptcp compare"* | "./mptcp interop" | "./mptcp fidelity")
            # Tests run them in short.
            run $(cut -d' ' -f2 <<<"$command") --help
            ;;
        *)
            echo "nobody runs this command: $command"
            exit 1
            ;;
    esac
done <<<"$commands"
[ "$count" -ge 20 ] || { echo "only $count commands were found: $commands"; exit 1; }
# Each verb that the help shows tells about itself.
for verb in $("$MPTCP_SOURCE/mptcp" --help | sed -n 's/^  \([a-z]\+\) .*/\1/p'); do
    run "$verb" --help
    grep -qi '^usage: ./mptcp' "$output/log" || { cat "$output/log"; echo "no usage of $verb"; exit 1; }
done

# The other pages: verbs, their options and examples exist.
while IFS= read -r command; do
    count=$((count + 1))
    read -r verb words <<<"$command"
    if [ "$verb" = run ]; then
        [ -f "examples/${words%% *}.cc" ] || [ -z "$words" ] || [[ $words = -* ]] ||
            { echo "no example: $command"; exit 1; }
        continue
    fi
    [[ $verb = --help ]] && continue
    run "$verb" --help
    for word in $words; do
        word=${word%%[=,;)]*}
        [[ $word != --[a-z]* || $word = --help || $word = *::* ]] || grep -qE -- "$word([^a-z-]|$)" "$output/log" ||
            { echo "./mptcp $verb --help does not tell of $word: $command"; exit 1; }
    done
done < <({
    sed -n 's/^\(    \)\?\.\/mptcp \([a-z][^#]*\).*/\2/p' doc/*.md
    grep -ohE '`\./mptcp [a-z][^`]*`' doc/*.md | sed 's/^`\.\/mptcp //; s/`$//'
} | sed 's/[]|[]/ /g' | sort -u)
echo "$count commands"
