# SPDX-License-Identifier: GPL-2.0-only
# What every verb of ./mptcp does first: install what is missing, configure, build what changed.
# Read by ./mptcp; needs $root. Where MPTCP_PREBUILT names a build folder, as in tests of ./mptcp
# itself, that is used as it is, and nothing is installed.

packages_for_build="g++ cmake ninja-build pkg-config ccache libns3-dev ns3 nettle-dev libboost-dev libboost-context-dev dpkg-dev file"
packages_for_test="libgtest-dev tshark gnuplot-nox valgrind python3 python3-jinja2 snakemake"
packages_for_handover="gnuplot-nox python3-jinja2"
packages_for_fuzz="clang libclang-rt-dev llvm"
packages_for_bench="valgrind python3"
packages_for_compare="python3 gnuplot-nox"
packages_for_chaos="python3"
packages_for_docs="python3-sphinx python3-myst-parser doxygen python3"
packages_for_interop="iproute2 procps python3 tshark"

# A usage error: one line, exit status 2.
die()
{
    echo "mptcp: $*" >&2
    exit 2
}

# A failure that is not the user's wording, exit status 1.
fail()
{
    echo "mptcp: $*" >&2
    exit 1
}

# need PACKAGE...: install the Debian packages that are missing.
need()
{
    [ -z "${MPTCP_PREBUILT-}" ] || return 0
    # Elsewhere the names mean nothing; CMake says what it misses.
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
    local package missing=() as_root=()
    for package in "$@"; do
        # Lists of packages overlap.
        [[ " ${missing[*]} " != *" $package "* ]] || continue
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            as_root=(sudo)
        else
            echo "mptcp: packages are missing, and installing them needs root. Type as root:" >&2
            echo "apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
            exit 1
        fi
    fi
    echo "Installing ${missing[*]}"
    local log apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q
        -o DPkg::Lock::Timeout=120)
    log=$(mktemp)
    # An update that fails for one source may still do for these packages.
    "${as_root[@]}" "${apt[@]}" update >"$log" 2>&1 || true
    if ! "${as_root[@]}" "${apt[@]}" install --no-install-recommends "${missing[@]}" \
        >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install ${missing[*]}"
    fi
    rm -f "$log"
}

# want PROGRAM...: those that are not there are named before anything is done. need() installs them
# on Debian; elsewhere the user does.
want()
{
    local program missing=()
    for program in "$@"; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    [ ${#missing[@]} -eq 0 ] || fail "not installed: ${missing[*]}"
}

# run_python FILE...: Debian's packages are those of Debian's python3, whatever else comes first.
run_python()
{
    if command -v dpkg-query >/dev/null && [ -x /usr/bin/python3 ]; then
        /usr/bin/python3 "$@"
    else
        python3 "$@"
    fi
}

# configure KIND [CMAKE-OPTION...]: sets $build. KIND is release, debug, sanitize, fuzz or lint.
configure()
{
    local kind=$1 options=(-DCMAKE_BUILD_TYPE=Release) log cache
    shift
    if [ -n "${MPTCP_PREBUILT-}" ]; then
        build=$MPTCP_PREBUILT
        return
    fi
    build=$root/build/$kind
    cache=$build/CMakeCache.txt
    case $kind in
        debug) options=(-DCMAKE_BUILD_TYPE=Debug) ;;
        sanitize) options+=(-DMPTCP_SANITIZE=ON) ;;
        lint)
            options=(-DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
                -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)
            ;;
        fuzz) options+=(-DMPTCP_FUZZ=ON -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++) ;;
    esac
    # A build folder that came along with a copied or moved checkout is of no use.
    if [ -f "$cache" ] && [ -w "$build" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
        rm -rf "$build"
    fi
    # Tests treat warnings as errors. Where the compiler is the one that the project is developed
    # with, let all verbs do so, or the tests would compile everything a second time.
    if [ ! -f "$cache" ] && [ "$(c++ -dumpversion 2>/dev/null)" = 12 ]; then
        options+=(-DMPTCP_WERROR=ON)
    fi
    mkdir -p "$build" 2>/dev/null && [ -w "$build" ] ||
        fail "no permission to write to $build: use a clone of your own"
    log=$build/configure.log
    if ! cmake -S "$root" -B "$build" -G Ninja "${options[@]}" "$@" >"$log" 2>&1; then
        cat "$log" >&2
        fail "configuring $build failed"
    fi
}

# compile [TARGET...]: one line of progress, and whatever compilers say.
compile()
{
    local targets=() line told=
    [ -z "${MPTCP_PREBUILT-}" ] || return 0
    [ $# -eq 0 ] || targets=(--target "$@")
    if ! cmake --build "$build" "${targets[@]}" 2>&1 | {
        while IFS= read -r line; do
            case $line in
                "[0/"* | *"Re-running CMake..." | "ninja: "* | "-- "*) ;;
                "["*/*"] "*)
                    if [ -t 1 ]; then
                        printf '\r\033[KBuilding %s' "${line%%]*}]"
                    elif [ -z "$told" ]; then
                        echo "Building"
                    fi
                    told=yes
                    ;;
                *) printf '%s\n' "$line" ;;
            esac
        done
        [ ! -t 1 ] || [ -z "$told" ] || printf '\r\033[K'
    }; then
        fail "building failed"
    fi
}
