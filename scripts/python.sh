# SPDX-License-Identifier: GPL-2.0-only
# The verb `python` of ./mptcp: the module for ns-3 in Python. Read by ./mptcp; needs $root and
# setup.sh.

packages_for_python="g++ cmake ninja-build pkg-config ccache nettle-dev libboost-dev libboost-context-dev python3 python3-dev python3-venv"

python_usage()
{
    cat <<'END'
Usage: ./mptcp python [FILE.py [ARGUMENT...]]

Makes a virtual environment with the ns-3 of PyPI (the wheel ns3, release 3.44), builds the module
for it and installs both there; then runs the tests of the Python package, or a script of yours. The
first time takes some minutes.

  build/.pypi/venv             the environment: `. build/.pypi/venv/bin/activate`
  examples/mptcp-handover.py   a script to begin with
END
}

# What Python packages are installed in the environment, beside the module.
python_requirements()
{
    sed -n 's/^requires = \[\(.*\)\]$/\1/p; s/^dependencies = \[\(.*\)\]$/\1/p' "$root/python/pyproject.toml" |
        tr -d '",' | tr ' ' '\n' | sort -u
    echo matplotlib
}

# python_pip WORDS: pip of the environment, its words in a log.
python_pip()
{
    "$environment/bin/python" -m pip --disable-pip-version-check --no-input "$@" >"$log" 2>&1
}

# Make the environment, unless it has what is needed.
python_environment()
{
    local stamp=$environment/requirements wanted
    wanted=$(python_requirements)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] &&
        "$environment/bin/python" -c '' 2>/dev/null; then
        return
    fi
    python3 -c 'import platform, sys
sys.exit(not ((3, 9) <= sys.version_info < (3, 14) and platform.machine() == "x86_64"))' ||
        fail "python: PyPI has ns-3 for Python 3.9 to 3.13 on x86_64 only, not for $(python3 -V) on $(uname -m)"
    echo "Making a virtual environment with ns-3 from PyPI"
    rm -rf "$environment"
    python3 -m venv "$environment" >"$log" 2>&1 || { cat "$log" >&2; fail "python: no virtual environment"; }
    # One that cannot be reached is not worth waiting for.
    if ! python_pip install --retries 1 --timeout 20 $wanted; then
        # Some are there as source only, which compilers may refuse.
        if grep -E 'Failed to build|Failed building wheel' "$log" |
            grep -qv 'installing build dependencies'; then
            grep -E '(^| )(fatal )?error:' "$log" | head -n 20 >&2 || true
            fail "python: a package of PyPI cannot be built here; all of it: $log"
        fi
        fail "python: packages cannot be installed from PyPI: $(grep -v '^\[notice' "$log" | tail -n 1)"
    fi
    echo "$wanted" >"$stamp"
}

verb_python()
{
    local script= folder=$root/build/.pypi environment log status=0 told
    case ${1-} in
        -h | --help)
            python_usage
            return
            ;;
        -*) die "python: unknown option $1; accepted: --help, or a script and its arguments" ;;
        "") [ $# -eq 0 ] || die "python: the name of a script is empty" ;;
        *.py)
            script=$1
            shift
            [ -f "$script" ] || die "python: there is no script $script"
            ;;
        *) die "python: $1: accepted: --help, or a script, whose name ends in .py" ;;
    esac
    need $packages_for_python
    want python3
    # ns-3's loader searches the current folder, but no hidden ones, for libraries: an environment
    # stays usable in the checkout.
    environment=$folder/venv
    log=$folder/log
    mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] ||
        fail "no permission to write to $folder: use a clone of your own"
    # What came along with a copied or moved checkout is of no use.
    if [ -f "$folder/CMakeCache.txt" ] &&
        ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root/python" "$folder/CMakeCache.txt"; then
        find "$folder" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
    fi
    python_environment
    echo "Building"
    export CMAKE_BUILD_PARALLEL_LEVEL
    CMAKE_BUILD_PARALLEL_LEVEL=$(nproc)
    python_pip install --no-build-isolation --no-deps --force-reinstall "$root/python" ||
        { tail -n 50 "$log" >&2; fail "python: building failed"; }
    if [ -n "$script" ]; then
        "$environment/bin/python" "$script" "$@" || status=$?
        return $status
    fi
    # The experiment in C++, for the same ns-3, and a program in C.
    cmake --build "$folder" --target mptcp-handover mptcp-posix-posix-client >"$log" 2>&1 ||
        { tail -n 50 "$log" >&2; fail "python: building mptcp-handover and posix-client failed"; }
    mkdir -p "$folder/tests"
    cd "$folder/tests"
    MPTCP_SOURCE=$root MPTCP_BUILD=$folder \
        "$environment/bin/python" "$root/python/tests" 2>"$folder/tests/errors" || status=$?
    if [ $status -ne 0 ]; then
        grep -v 'Failed to materialize symbols' "$folder/tests/errors" | tail -n 100 >&2
        fail "python: tests failed"
    fi
}
