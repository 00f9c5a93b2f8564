# SPDX-License-Identifier: GPL-2.0-only
# The verbs campaign, rerun and diff of ./mptcp. Read by ./mptcp; needs $root and setup.sh.

packages_for_campaign="snakemake python3 python3-jinja2 gnuplot-nox"

verb_campaign()
{
    local argument
    for argument in "$@"; do
        case $argument in
            -h | --help)
                cat <<'END'
Usage: ./mptcp campaign FILE [options]

Runs the handover experiment for each combination of values and each seed that FILE names
(examples/campaigns, doc/campaigns.md), one process each, on Snakemake. An interrupted campaign goes
on with the same command; a finished run is never repeated.

  --dry-run      the runs that are left, about how long they take, and, where the program is built
                 already, what it would refuse
  --status       how far it is, and what failed
  --plot-only    tables and pictures of what has finished
  --again        repeat finished runs too
  --jobs N       so many runs at a time (default: one per processor)
  --profile DIR  a profile of Snakemake 7, as for Slurm
  --output DIR   default: results/campaign-FILE

  results.csv    every run, a line for each kind of traffic
  summary.csv    mean, 95 % interval, median, paired difference against the baseline
  report.html    all of it with pictures on one page
END
                return
                ;;
        esac
    done
    need $packages_for_build $packages_for_campaign
    # What is wrong with the file or the options is told before anything is built.
    case " $* " in
        *" --dry-run "* | *" --status "* | *" --plot-only "*)
            build=${MPTCP_PREBUILT:-$root/build/release}
            [ ! -x "$build/examples/mptcp-handover" ] ||
                set -- "--program=$build/examples/mptcp-handover" "$@"
            run_python "$root/scripts/campaign/campaign.py" "$@"
            return
            ;;
    esac
    run_python "$root/scripts/campaign/campaign.py" --dry-run "$@" >/dev/null
    want snakemake gnuplot
    configure release
    compile mptcp-handover
    run_python "$root/scripts/campaign/campaign.py" \
        "--program=$build/examples/mptcp-handover" "$@"
}

verb_rerun()
{
    local folder=${1-} again arguments from status=0
    case $folder in
        -h | --help)
            cat <<'END'
Usage: ./mptcp rerun FOLDER

Repeats the run whose results are in FOLDER, from its run.json, and compares what it writes byte for
byte. Says which files differ, and keeps the new ones then.
END
            return
            ;;
        "" | -*) die "rerun: the folder of a run is wanted: results/handover, or one of a campaign" ;;
    esac
    [ $# -eq 1 ] || die "rerun: one folder is wanted"
    need $packages_for_build python3
    arguments=$(run_python "$root/scripts/campaign/rerun.py" "$folder" --arguments)
    configure release
    compile mptcp-handover
    mapfile -t arguments <<<"$arguments"
    # Options name files as they were called there.
    from=${arguments[0]}
    arguments=("${arguments[@]:1}")
    [ -d "$from" ] || {
        echo "mptcp: rerun: $from, where the run was started, is not there: files are looked for here" >&2
        from=$PWD
    }
    (
        cd -- "$from"
        check_options "$build/examples/mptcp-handover" "$root/examples/mptcp-handover.cc" "${arguments[@]}"
    )
    again=$(mktemp -d)
    trap 'rm -rf "$again" "$again.log"; exit 130' INT
    (cd -- "$from" && exec "$build/examples/mptcp-handover" "${arguments[@]}" "--output=$again") \
        >"$again.log" 2>&1 || {
        cat "$again.log" >&2
        fail "rerun: the run failed; its files: $again"
    }
    rm -f "$again.log"
    run_python "$root/scripts/campaign/rerun.py" "$folder" "$again" || status=$?
    if [ $status -eq 0 ]; then
        rm -rf "$again"
    else
        echo "The new files: $again"
    fi
    return $status
}

verb_diff()
{
    case ${1-} in
        -h | --help)
            cat <<'END'
Usage: ./mptcp diff OLD NEW [--tolerance PART]

Compares two tables of results, or folders with a summary.csv, and prints what differs. Numbers may
differ by PART of the larger one (default: 0). Exit status: 0 the same, 1 different, 2 wrong usage.
END
            return
            ;;
    esac
    need python3
    run_python "$root/scripts/campaign/diff.py" "$@"
}
