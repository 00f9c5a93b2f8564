#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each command on README.md, CONTRIBUTING.md and the pages in doc/ is run: here, or by the test that
# is named here. With --all also those that take more than half a minute; of these only the options
# are looked at without it.
set -euo pipefail
cd "$MPTCP_SOURCE"
# With what is built already, away from the checkout.
export MPTCP_PREBUILT=$MPTCP_BUILD
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

# quietly COMMAND...: its output only if it fails.
quietly()
{
    (cd "$output" && "$@") >"$output/log" 2>&1 || { tail -n 50 "$output/log"; echo "failed: $*"; exit 1; }
}

# run WORDS: ./mptcp with them.
run()
{
    quietly "$MPTCP_SOURCE/mptcp" "$@"
}

# unreadable PROGRAM FILE: status 2 and a line that says so.
unreadable()
{
    local told status=0
    told=$("$@" 2>&1) || status=$?
    [[ $status -eq 2 && $told = "$2: cannot be read" ]] || { echo "$*: status $status, $told"; exit 1; }
}

# known WORDS: a verb that there is, whose help tells of the options.
known()
{
    local verb=$1 word
    run "$verb" --help
    for word in "${@:2}"; do
        word=${word%%[=,;)]*}
        [[ $word != --[a-z]* ]] || grep -qE -- "$word([^a-z-]|$)" "$output/log" ||
            { echo "./mptcp $verb --help does not tell of $word"; exit 1; }
    done
}

# long WORDS: run with --all.
long()
{
    if [ -n "${MPTCP_TEST_ALL-}" ]; then
        run "$@"
    else
        known "$@"
    fi
}

# fresh WORDS: long, with packages and a build folder of its own.
fresh()
{
    (
        [ -z "${MPTCP_TEST_ALL-}" ] || unset MPTCP_PREBUILT
        long "$@"
    )
}

# copied WORDS: long, in a copy of the checkout, whose files it may change.
copied()
{
    if [ -n "${MPTCP_TEST_ALL-}" ] && [ ! -d "$output/copy" ]; then
        mkdir "$output/copy"
        tar -c --exclude=./build --exclude=./results --exclude=./.git . | tar -x -C "$output/copy"
    fi
    (
        [ -z "${MPTCP_TEST_ALL-}" ] || MPTCP_SOURCE=$output/copy
        "$@"
    )
}

# by CHECK TEXT: test/checks/CHECK.sh does it; TEXT stands there.
by()
{
    [ -x "test/checks/$1.sh" ] && grep -qF -- "$2" "test/checks/$1.sh" ||
        { echo "test/checks/$1.sh does not run $2"; exit 1; }
}

# handover WORDS: the experiment; in short without --all.
handover()
{
    [ -n "${MPTCP_TEST_ALL-}" ] || set -- "$@" --schemes=mptcp --duration=3 --outageStart=1 --outageEnd=2 --pcap=none
    run handover "$@"
}

sed -n '/^time_s access event/,/^```/p' doc/radio.md | grep -v '^```' >"$output/events"
seq 1 20000 >"$output/trace"

commands=$({
    # Indented, or in a block of no other language. What stands behind # or many blanks explains.
    awk 'FNR == 1 { open = 0; last = "" }
         /^```/ { open = !open; plain = $0 == "```"; last = ""; next }
         open ? plain : /^    [^ ]/ && last ~ /^(    |$)/
         { last = $0 }' README.md CONTRIBUTING.md doc/*.md
    sed -n 's/^#     \(docker .*\)/\1/p' Dockerfile
    grep -ohE '`(\.\.?/[a-z]|\. build|git |docker |pip |mptcp-[a-z]+ --)[^`]*`' README.md CONTRIBUTING.md doc/*.md |
        tr -d '`' | grep -v '/$'
} | sed 's/^ *//; s/ *#.*//; s/   .*//; s/ *$//' | sort -u)
count=0
while IFS= read -r command; do
    count=$((count + 1))
    read -r -a words <<<"${command#./mptcp}"
    case $command in
        "./mptcp" | "./ns3") ;; # names
        "./mptcp "*"["*) known $(tr '[]' '  ' <<<"${command#./mptcp}") ;; # usage
        "./mptcp test --sanitize") fresh "${words[@]}" ;;
        "./mptcp test" | "./mptcp test --all" | "./mptcp test NAME...") known "${words[@]}" ;; # this is it
        "./mptcp test check-"*) [ -x "test/checks/${words[1]#check-}.sh" ] ;;
        "./mptcp test mptcp-"*)
            "$MPTCP_BUILD/test/mptcp-test-runner" --list | grep -x "${words[1]}" >"$output/log" # itself a test
            ;;
        "./mptcp build" | "./mptcp build && cpack"*) ;; # this is it
        "./mptcp "*" --help") run "${words[@]}" ;;
        "./mptcp --help" | "./mptcp run") run "${words[@]}" ;;
        "./mptcp lint") known lint ;; # half an hour of clang-tidy, which a release takes by itself
        "./mptcp lint --no-tidy") fresh "${words[@]}" ;;
        "./mptcp lint FILE.cc") fresh lint "$PWD/model/util/lazy-timer.cc" ;;
        "./mptcp lint --fix")
            [ -z "${MPTCP_TEST_ALL-}" ] || copied sed -i 's/^        /    /' "$output/copy/examples/mptcp-first.cc"
            copied fresh lint --fix --no-tidy "$output/copy/examples/mptcp-first.cc"
            [ -z "${MPTCP_TEST_ALL-}" ] || cmp {.,"$output/copy"}/examples/mptcp-first.cc
            ;;
        "./mptcp run "*) run "${words[@]}" ;;
        "./mptcp handover"*)
            options=${command#./mptcp handover}
            options=${options//link=FILE/link=trace}
            handover ${options//events=FILE/events=events}
            ;;
        "./mptcp new"* | "../mine/run") by new '/mptcp" new first-try' ;;
        "../mine/run --"*) by docs 'doc/tutorial.md' ;;
        "./mptcp cc hello.c") by snippets '/mptcp" cc' ;;
        "./mptcp campaign examples/campaigns/handover.toml") by campaign handover.toml ;;
        "./mptcp campaign FILE --profile examples/campaigns/slurm --jobs 200") by campaign campaigns/slurm ;;
        "./mptcp rerun"*) by campaign '"$mptcp" rerun' ;;
        "./mptcp diff results/old results/new --tolerance=0.02") by campaign '"$mptcp" diff' ;;
        "./mptcp chaos") by chaos 'chaos/run' ;;
        "./mptcp chaos --seed=1 --"*) run "${words[@]}" ;;
        "./mptcp fuzz"*)
            known "${words[@]}"
            [ -z "${MPTCP_TEST_ALL-}" ] || fuzz=yes
            ;;
        "./mptcp bench") ;; # a test of its own
        "./mptcp "*" --update-doc") copied long "${words[@]}" ;;
        "./mptcp compare"* | "./mptcp bench"*) long "${words[@]}" ;;
        "./mptcp interop --list") run "${words[@]}" ;;
        "./mptcp interop"* | "./mptcp fidelity") known "${words[@]}" ;; # tests of their own
        "./mptcp python"*) by python '/mptcp" python' ;;
        "./mptcp docs") by docs './mptcp docs' ;;
        "./mptcp matrix") by matrix '/mptcp" matrix' ;;
        "./mptcp tree"*) by tree '/mptcp" tree' ;;
        "./ns3 configure '--enable-modules=mptcp;wifi;lte'") by tree '-DRADIO=$radio' ;;
        "ln -s "* | "./ns3 "* | "./test.py -s mptcp") by tree 'eval "${typed' ;;
        "cd ns-3-dev/contrib" | "cd .." | "git clone REPOSITORY mptcp") ;; # in the place of ln -s
        ". build/"*"/bin/activate") by python 'eval "$activate"' ;;
        "pip install ./python") by python "$command" ;;
        "mptcp-handover "*) handover "${words[@]:1}" ;;
        "cmake --install build/release --prefix /usr/local") by package 'cmake --install' ;;
        "cpack --config build/release/CPackConfig.cmake") by package 'cpack --config' ;;
        "build/release/test/mptcp-script test/script/join-*.pkt")
            quietly "$MPTCP_BUILD/test/mptcp-script" "$MPTCP_SOURCE"/test/script/join-*.pkt
            unreadable "$MPTCP_BUILD/test/mptcp-script" "$output"
            ;;
        "cp results/fuzz/connection/crash-... test/fuzz/corpus/connection/") [ -d "${words[2]}" ] ;;
        "build/fuzz/fuzz/mptcp-fuzz-connection results/fuzz/connection/crash-...")
            inputs=("$MPTCP_SOURCE"/test/fuzz/corpus/connection/*)
            quietly "$MPTCP_BUILD/fuzz/mptcp-fuzz-connection" "${inputs[0]}"
            quietly "$MPTCP_BUILD/fuzz/mptcp-fuzz-option" "$MPTCP_SOURCE/test/fuzz/corpus/option"
            unreadable "$MPTCP_BUILD/fuzz/mptcp-fuzz-option" "$output/nothing"
            ;;
        "git tag -a "*) ;; # a step of a release
        "docker "*) ;; # wants a daemon, which this may run without
        *)
            echo "nobody runs this command: $command"
            exit 1
            ;;
    esac
done <<<"$commands"
[ "$count" -ge 80 ] || { echo "only $count commands were found: $commands"; exit 1; }
# Where nothing is built, help says why it lists no options.
MPTCP_PREBUILT=$output "$MPTCP_SOURCE/mptcp" handover --help >"$output/log"
grep -q './mptcp build' "$output/log" || { cat "$output/log"; echo "no word of building"; exit 1; }
# Each verb that the help shows tells about itself, also where no package is installed.
mkdir "$output/bare"
for program in dpkg-query apt-get sudo; do
    printf '#!/bin/sh\nexit 1\n' >"$output/bare/$program"
    chmod +x "$output/bare/$program"
done
for verb in $("$MPTCP_SOURCE/mptcp" --help | sed -n 's/^  \([a-z]\+\) .*/\1/p'); do
    quietly env -u MPTCP_PREBUILT "PATH=$output/bare:$PATH" "$MPTCP_SOURCE/mptcp" "$verb" --help
    grep -qi '^usage: ./mptcp' "$output/log" || { cat "$output/log"; echo "no usage of $verb"; exit 1; }
done
# Of no files lint does not say that they are right.
for program in git clang-format codespell; do
    printf '#!/bin/sh\n' >"$output/bare/$program"
    chmod +x "$output/bare/$program"
done
status=0
told=$(PATH="$output/bare:$PATH" "$MPTCP_SOURCE/mptcp" lint --no-tidy 2>&1) || status=$?
[[ $status -eq 1 && $told = *"git lists no files"* ]] || { echo "lint of nothing: status $status, $told"; exit 1; }
# Of a file that a tool does not look at it says so; a licence is looked for in files that are named.
printf '#!/bin/sh\n' | tee "$output/bare/clang++" >"$output/bare/clang-tidy"
chmod +x "$output"/bare/clang*
told=$(PATH="$output/bare:$PATH" "$MPTCP_SOURCE/mptcp" lint VERSION)
[ "$(grep -oE '^(pass|none|FAIL)  [a-z-]+' <<<"$told" | tr -s '\n ' ' ')" = \
    "none clang-format none codespell pass licences none clang-tidy " ] || { echo "lint VERSION: $told"; exit 1; }
touch "$output/nothing.sh"
! MPTCP_SOURCE=$output test/checks/licence.sh nothing.sh >"$output/log" || { echo "no licence is right"; exit 1; }
if [ -n "${fuzz-}" ]; then
    unset MPTCP_PREBUILT
    ./mptcp fuzz --minutes=1
fi
echo "$count commands"
