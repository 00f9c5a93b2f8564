# SPDX-License-Identifier: GPL-2.0-only
# The verb `test` of ./mptcp. Read by ./mptcp; needs $root and setup.sh.

test_usage()
{
    cat <<'END'
Usage: ./mptcp test [--all] [--sanitize] [--no-werror] [--jobs N] [--list] [NAME...]

Builds with warnings as errors, then runs mptcp-gtest, the ns-3 test suites, the checks in
test/checks, the short benchmarks and, as root, a conversation with the kernel of this machine: all
of them, or those that are named.

  --all        long test cases too, all benchmarks, and as root the kernel at both ends: some hours
  --sanitize   with the address and undefined-behaviour sanitizers (gtest and suites only)
  --no-werror  let warnings pass, of compilers that are newer than the project
  --jobs N     so many at a time (default: one per processor)
  --list       only list the names

The last line counts test cases. Each test's output is kept in build/*/test-logs.
END
}

passed=0
failed=0
skips=()
declare -A running=() started=()

# start NAME SECONDS COMMAND...: in the background, output to its log.
start()
{
    local name=$1 limit=$2
    shift 2
    mkdir -p "$logs/$name.files"
    cd "$logs/$name.files"
    # What outlives a test does not hold the lock.
    timeout -k 5 "$limit" "$@" >"$logs/$name.log" 2>&1 </dev/null {lock}>&- &
    running[$!]=$name
    started[$name]=$SECONDS
    cd "$root"
}

# reap: wait for any one that is running, and count it.
reap()
{
    local pid= status=0 name
    # bash would tell of a crash in its own words.
    wait -n -p pid "${!running[@]}" 2>/dev/null || status=$?
    if [ -z "$pid" ]; then
        # Some versions of bash forget one that ended before the call.
        pid=${!running[*]}
        pid=${pid%% *}
        status=0
        wait "$pid" 2>/dev/null || status=$?
    fi
    name=${running[$pid]}
    unset "running[$pid]"
    count "$name" $status
}

# A count of the lines of a log that match.
lines()
{
    grep -cE -- "$1" "$2" || true
}

# count NAME STATUS: from the log, how many cases passed, failed and were skipped.
count()
{
    local name=$1 status=$2 log=$logs/$1.log good=0 bad=0 reason
    case $name in
        mptcp-gtest)
            good=$(lines '^\[ +OK \] ' "$log")
            bad=$(lines '^\[  FAILED  \] .* ms\)$' "$log")
            # GoogleTest prints "FILE:LINE: Skipped" and the reason before it names the case.
            while IFS= read -r reason; do
                skips+=("$reason")
            done < <(awk '/^\[  SKIPPED \] .* ms\)$/ { print $4 ": " last }
                          !/^\[/ && NF { last = $0 }' "$log")
            ;;
        check-* | bench | interop | fidelity)
            case $status in
                0)
                    good=1
                    # Rows that this kernel cannot have: the others have passed.
                    if [ "$name" = interop ]; then
                        while IFS= read -r reason; do
                            skips+=("interop, $reason")
                        done < <(sed -n 's/^skip  //p' "$log")
                    fi
                    ;;
                77)
                    skips+=("$name: $(tail -n 1 "$log")")
                    status=0
                    ;;
            esac
            ;;
        *)
            # The suite's own line has no indent, its cases have two spaces, their parts more.
            good=$(lines '^  PASS ' "$log")
            bad=$(lines '^  FAIL ' "$log")
            ;;
    esac
    # A crash or a time-out leaves no line of its own.
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    local seconds="$((SECONDS - started[$name])) s"
    if [ "$bad" -eq 0 ]; then
        [ "$good" -eq 0 ] || echo "pass  $name ($good, $seconds)"
        return
    fi
    local why="$bad failed"
    case $status in
        124 | 137) why="stopped after $seconds" ;;
        13[0-9] | 14[0-9]) why="killed by signal $((status - 128))" ;;
    esac
    echo "FAIL  $name ($why); its output:"
    tail -n 100 "$log" | sed 's/^/    /'
    echo "    (all of it: $log)"
}

stop()
{
    trap - INT TERM
    [ ${#running[@]} -eq 0 ] || kill "${!running[@]}" 2>/dev/null || true
    wait
    echo "mptcp: stopped" >&2
    exit 130
}

verb_test()
{
    local kind=release all= list= werror=ON jobs limit=600 names=() name script lock
    jobs=$(nproc)
    while [ $# -gt 0 ]; do
        case $1 in
            --all) all=yes limit=14400 ;;
            --sanitize) kind=sanitize limit=3600 ;;
            --no-werror) werror=OFF ;;
            --list) list=yes ;;
            --jobs | --jobs=*)
                if [ "$1" = --jobs ]; then
                    [ $# -gt 1 ] || die "test: --jobs wants a number from 1 to 999"
                    shift
                fi
                jobs=${1#--jobs=}
                [[ $jobs =~ ^[1-9][0-9]{0,2}$ ]] ||
                    die "test: --jobs $jobs: not a number from 1 to 999"
                ;;
            -h | --help)
                test_usage
                return
                ;;
            -*) die "test: unknown option $1; accepted: --all, --sanitize, --no-werror, --jobs N, --list, --help" ;;
            *) names+=("$1") ;;
        esac
        shift
    done

    need $packages_for_build $packages_for_test $packages_for_interop
    configure $kind -DMPTCP_WERROR=$werror
    exec {lock}>"$build/.lock"
    [ -n "$list" ] || flock -n "$lock" || fail "another ./mptcp test works in $build"
    compile
    logs=$build/test-logs

    # What there is, in the order in which it runs.
    local known=() suites
    [ ! -x "$build/test/mptcp-gtest" ] || known+=(mptcp-gtest)
    suites=$("$build/test/mptcp-test-runner" --list)
    known+=($suites)
    if [ $kind = release ]; then
        for script in "$root"/test/checks/*.sh; do
            [ -x "$script" ] || fail "test: $script cannot be executed"
            known+=("check-$(basename "$script" .sh)")
        done
        if [ -n "$(programs_in bench)" ] || [ -x "$root/bench/run" ]; then
            known+=(bench)
        fi
        known+=(interop)
        [ -z "$all" ] || known+=(fidelity)
    fi
    for name in "${names[@]}"; do
        [[ $name != *" "* && " ${known[*]} " == *" $name "* ]] || die "test: no test $name; there are: ${known[*]}"
    done
    [ ${#names[@]} -gt 0 ] || names=("${known[@]}")
    if [ -n "$list" ]; then
        [ ${#names[@]} -eq 0 ] || printf '%s\n' "${names[@]}"
        return
    fi

    rm -rf "$logs"
    mkdir -p "$logs"
    trap stop INT TERM
    # Every finding of a sanitizer is a failure.
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export MPTCP_SOURCE=$root MPTCP_BUILD=$build MPTCP_TEST_ALL=$all
    local fullness=QUICK
    [ -z "$all" ] || fullness=TAKES_FOREVER
    for name in "${names[@]}"; do
        # Benchmarks and real time want the machine for themselves.
        while [ ${#running[@]} -ge "$jobs" ] ||
            { [[ $name =~ ^(bench|interop|fidelity)$ ]] && [ ${#running[@]} -gt 0 ]; }; do
            reap
        done
        case $name in
            mptcp-gtest) start "$name" $limit "$build/test/mptcp-gtest" ;;
            check-*) start "$name" $limit "$root/test/checks/${name#check-}.sh" ;;
            bench) start "$name" $limit "$root/mptcp" bench $([ -n "$all" ] || echo --quick) ;;
            fidelity) start "$name" $limit "$root/mptcp" fidelity --output "$logs/fidelity.files" ;;
            interop)
                start "$name" $limit "$root/interop/run" $([ -n "$all" ] || echo --quick) \
                    --output="$logs/interop.files"
                ;;
            *)
                start "$name" $limit "$build/test/mptcp-test-runner" --test-name="$name" --verbose \
                    --fullness=$fullness --tempdir="$logs/$name.files"
                ;;
        esac
    done
    while [ ${#running[@]} -gt 0 ]; do
        reap
    done
    # Folders in which nothing was left are of no interest.
    find "$logs" -type d -empty -delete

    for name in "${skips[@]}"; do
        echo "skipped $name"
    done
    echo "$passed passed, $failed failed, ${#skips[@]} skipped"
    [ "$failed" -eq 0 ]
}
