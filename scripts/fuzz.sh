# SPDX-License-Identifier: GPL-2.0-only
# The verb `fuzz` of ./mptcp. Read by ./mptcp; needs $root and setup.sh.

fuzz_usage()
{
    cat <<'END_OF_USAGE'
Usage: ./mptcp fuzz [--minutes=N] [TARGET...]

Feeds targets with inputs that libFuzzer makes up, under the address and undefined-behaviour
sanitizers: all targets, or those that are named.

  option        the decoder and encoder of TCP and MPTCP options
  srh           the decoder of Segment Routing Headers
  connection    a live connection that gets mutated segments
  sockopt       socket options of a live connection
  posix         calls of a program in a node

  --minutes=N   how long each target runs (default: 10)

Starts from the inputs in test/fuzz/corpus. Writes below results/fuzz/TARGET: new inputs (corpus),
what ended the target (crash-*, timeout-*, leak-*) and its log. Prints executions and the share of
the code's lines that were reached; for the decoders less than 95 % is a failure.
END_OF_USAGE
}

# What a target is about: the sources whose lines are counted.
fuzz_sources()
{
    case $1 in
        option) echo model/wire/mptcp-option.cc model/wire/mptcp-option-print.cc \
            model/wire/tcp-segment.cc ;;
        srh) echo model/srv6/srv6-header.cc ;;
        connection) echo model/connection model/subflow ;;
        sockopt) echo model/api ;;
        posix) echo model/posix ;;
    esac
}

# fuzz_coverage TARGET FOLDER...: "PERCENT of LINES lines" of what the inputs in folders reach.
fuzz_coverage()
{
    local target=$1 profile=$results/$1/profile sources=() source
    shift
    # Library and program write a file each.
    LLVM_PROFILE_FILE=$profile-%m.raw "$build/fuzz/mptcp-fuzz-$target" -runs=0 "$@" \
        >"$results/$target/coverage.log" 2>&1 || return 1
    llvm-profdata merge -sparse -o "$profile" "$profile"-*.raw
    for source in $(fuzz_sources "$target"); do
        sources+=("$root/$source")
    done
    llvm-cov report -instr-profile="$profile" "$build"/libns3.*-mptcp.so "${sources[@]}" \
        >"$results/$target/coverage.txt" 2>>"$results/$target/coverage.log"
    rm -f "$profile" "$profile"-*.raw
    awk '$1 == "TOTAL" { printf "%.1f %d\n", 100 * ($8 - $9) / $8, $8 }' \
        "$results/$target/coverage.txt"
}

verb_fuzz()
{
    local minutes=10 targets=() target known="option srh connection sockopt posix" failures=0
    local results=$root/results/fuzz status count found share lines longest
    while [ $# -gt 0 ]; do
        case $1 in
            --minutes | --minutes=*)
                if [ "$1" = --minutes ]; then
                    [ $# -gt 1 ] || die "fuzz: --minutes wants a number from 1 to 9999"
                    shift
                fi
                minutes=${1#--minutes=}
                [[ $minutes =~ ^[1-9][0-9]{0,3}$ ]] ||
                    die "fuzz: --minutes $minutes: not a number from 1 to 9999"
                ;;
            -h | --help)
                fuzz_usage
                return
                ;;
            -*) die "fuzz: unknown option $1; accepted: --minutes=N, --help" ;;
            *)
                [[ $1 != *" "* && " $known " == *" $1 "* ]] ||
                    die "fuzz: no target $1; there are: $known"
                targets+=("$1")
                ;;
        esac
        shift
    done
    [ ${#targets[@]} -gt 0 ] || targets=($known)

    need $packages_for_build $packages_for_fuzz
    configure fuzz -DMPTCP_WERROR=OFF
    compile "${targets[@]/#/mptcp-fuzz-}"
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    # Where memory came from is told by few frames: a connection allocates much.
    export ASAN_OPTIONS=malloc_context_size=6
    for target in "${targets[@]}"; do
        mkdir -p "$results/$target/corpus"
        case $target in
            option) longest=64 ;;
            srh) longest=2080 ;;
            *) longest=1024 ;;
        esac
        local arguments=(-max_total_time=$((minutes * 60)) -timeout=30 -max_len=$longest
            -print_final_stats=1 -entropic=0 -len_control=10 -artifact_prefix="$results/$target/")
        [ ! -f "$root/test/fuzz/$target.dict" ] ||
            arguments+=(-dict="$root/test/fuzz/$target.dict")
        status=0
        LLVM_PROFILE_FILE=/dev/null "$build/fuzz/mptcp-fuzz-$target" "${arguments[@]}" \
            "$results/$target/corpus" "$root/test/fuzz/corpus/$target" \
            >"$results/$target/log" 2>&1 || status=$?
        count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$results/$target/log")
        if [ $status -ne 0 ]; then
            failures=$((failures + 1))
            found=$(sed -n 's/^.*Test unit written to //p' "$results/$target/log" | tail -n 1)
            echo "FAIL  $target: ended after ${count:-no} executions by ${found:-an error};" \
                "$results/$target/log tells why"
            continue
        fi
        read -r share lines < <(fuzz_coverage "$target" "$results/$target/corpus" \
            "$root/test/fuzz/corpus/$target") || share=
        [ -n "$share" ] || fail "fuzz: no coverage; see $results/$target/coverage.log"
        if [[ $target = option || $target = srh ]] && awk "BEGIN { exit !($share < 95) }"; then
            failures=$((failures + 1))
            echo "FAIL  $target: $count executions, but only $share % of $lines lines reached;" \
                "$results/$target/coverage.txt tells where"
        else
            echo "pass  $target: $count executions in $minutes min, $share % of $lines lines reached"
        fi
    done
    [ $failures -eq 0 ]
}
