# SPDX-License-Identifier: GPL-2.0-only
# The verb `lint` of ./mptcp: layout, suspicious code, spelling. Read by ./mptcp; needs $root and
# setup.sh.

packages_for_lint="git clang-format codespell"
packages_for_tidy="clang clang-tidy"

lint_usage()
{
    cat <<'END'
Usage: ./mptcp lint [--no-tidy] [--fix] [FILE...]

Checks these files, or all that git knows: layout by clang-format, suspicious code in model and
helper by clang-tidy, spelling by codespell, and licences. For all files clang-tidy takes half an
hour on two processors.

  --no-tidy   without clang-tidy
  --fix       let clang-format lay out the files
END
}

# check NAME PATTERN XARGS...: those of $list that match, by xargs; $failed counts.
check()
{
    local name=$1 files
    files=$(grep -E -- "$2" <<<"$list") || {
        echo "none  $name: not for these files"
        return
    }
    shift 2
    if xargs -d '\n' "$@" <<<"$files"; then
        echo "pass  $name"
    else
        echo "FAIL  $name"
        failed=$((failed + 1))
    fi
}

verb_lint()
{
    local tidy=yes fix= files=() name list failed=0 format=(--dry-run -Werror)
    local tidied='^(model|helper)/.*\.cc$'
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                lint_usage
                return
                ;;
            --no-tidy) tidy= ;;
            --fix) fix=yes ;;
            -*) die "lint: unknown option $1; accepted: --no-tidy, --fix, --help" ;;
            *)
                [ -f "$1" ] || die "lint: there is no file $1"
                name=$(realpath --relative-to="$root" "$1")
                [[ $name != ../* ]] || die "lint: $1 is not in the module"
                files+=("$name")
                ;;
        esac
        shift
    done
    [ -z "$tidy" ] || need $packages_for_build $packages_for_tidy
    need $packages_for_lint
    want git clang-format codespell ${tidy:+clang++ clang-tidy}
    cd "$root"
    if [ ${#files[@]} -gt 0 ]; then
        list=$(printf '%s\n' "${files[@]}" | sort -u)
    else
        list=$(git ls-files) && [ -n "$list" ] || fail "lint: git lists no files of $root: name the FILEs"
    fi

    [ -z "$fix" ] || format=(-i)
    check clang-format '\.(cc|h)$' -n 50 clang-format "${format[@]}"
    check codespell '\.(cc|h|c|md|sh|py|gp|txt|cmake|pkt|yml|cff)$|^(mptcp|Dockerfile)$|/run$' -n 100 codespell
    MPTCP_SOURCE=$root check licences . test/checks/licence.sh
    if [ -n "$tidy" ]; then
        # clang knows nothing of GCC's precompiled headers, so it gets a build folder of its own.
        ! grep -qE "$tidied" <<<"$list" || configure lint
        check clang-tidy "$tidied" -n 1 -P "$(nproc)" clang-tidy -p "${build-}" --quiet 2>/dev/null
    fi
    [ $failed -eq 0 ]
}
