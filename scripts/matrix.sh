# SPDX-License-Identifier: GPL-2.0-only
# The verb `matrix` of ./mptcp: build and test on each release of Debian, in a folder of its own.
# Read by ./mptcp; needs $root and setup.sh.

matrix_usage()
{
    cat <<'END'
Usage: ./mptcp matrix [--cache FOLDER] [--jobs N] [--build] [RELEASE...]

Builds and tests the module on Debian bookworm (ns-3.37), trixie (3.43) and sid (3.48 or newer), or
on the RELEASEs that are named, and prints a table: what was found, whether it builds, how many
tests passed, how many warnings compilers gave. Each release is bootstrapped into a folder and
entered by chroot; mirrors are those of this machine's apt. Needs root. A full run takes an hour a
release on two processors the first time, and 2 GB each.

  --cache FOLDER  where releases are kept (default: ~/.cache/ns3-mptcp)
  --jobs N        so many compilers and tests at a time (default: one per processor)
  --build         build only, without running tests

Logs and table.md are in results/matrix.
END
}

# in_release COMMAND...: in the folder of the release, with devices and processes of this machine
# and nothing else mounted; mounts end with the command. The folder is a mount itself: `ip netns`
# wants / to be one.
in_release()
{
    unshare --mount --propagation private sh -c '
        mount --bind "$0" "$0"
        mount -t proc proc "$0/proc"
        mount --rbind /dev "$0/dev"
        mount --rbind /sys "$0/sys"
        exec chroot "$0" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive CCACHE_DIR=/ccache "$@"' "$folder" "$@"
}

# bootstrap: a minimal system of $release in $folder, unless it is there.
bootstrap()
{
    local mirror
    [ ! -f "$folder/.ready" ] || return 0
    rm -rf "$folder"
    mirror=$(apt-get indextargets --format '$(CREATED_BY)|$(ORIGIN)|$(REPO_URI)' |
        sed -n 's/^Packages|Debian|//p' | grep -v security | sort | uniq -c | sort -rn |
        awk 'NR == 1 { print $2 }')
    [ -n "$mirror" ] || { echo "apt knows no mirror of Debian (apt-get update?)"; return 1; }
    debootstrap --variant=minbase --include=ca-certificates "$release" "$folder" "$mirror" &&
        touch "$folder/.ready"
}

# prepare: bring a system up to date, with the packages of ./mptcp test, and put the module in it.
prepare()
{
    cp -L /etc/resolv.conf /etc/hosts "$folder/etc/"
    # The way to the mirror: proxies and what else this machine's apt has been told about it.
    apt-config dump | grep -iE '^Acquire::(https?|ftp|Check-)' >"$folder/etc/apt/apt.conf.d/90host" || true
    # What a crash of this machine spoils is made again.
    echo force-unsafe-io >"$folder/etc/dpkg/dpkg.cfg.d/90cache"
    in_release apt-get -q update &&
        in_release apt-get -q -y dist-upgrade &&
        in_release apt-get -q -y install --no-install-recommends \
            $packages_for_build $packages_for_test $packages_for_interop || return 1
    mkdir -p "$folder/mptcp" "$folder/ccache"
    # Files keep their times: what has not changed is not compiled again.
    find "$folder/mptcp" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} + &&
        tar -C "$root" -c --exclude=./build --exclude=./results --exclude=./.git . |
        tar -C "$folder/mptcp" -x
}

# try_release: sets $row, a line of the table.
try_release()
{
    local folder=$cache/$release log=$logs/$release.log ns3=- compiler=- built=no tests=- warnings=-
    local begin=$SECONDS minor
    echo "$release: $log"
    if ! { bootstrap && prepare; } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" | sed 's/^/    /'
        row="| $release | - | - | no: not bootstrapped | - | - |"
        failed=$((failed + 1))
        return
    fi
    ns3=$(in_release dpkg-query -W -f '${Version}' libns3-dev)
    compiler=$(in_release c++ -dumpfullversion)
    minor=$(sed 's/^3\.\([0-9]*\).*/\1/' <<<"$ns3")
    [ "$minor" -le $known_minor ] ||
        echo "mptcp: ns-3 $ns3 of $release is newer than 3.$known_minor, the newest that is known" >&2
    local status=0 arguments=(test --no-werror --jobs "$jobs")
    [ -z "$build_only" ] || arguments+=(--list)
    in_release env CMAKE_BUILD_PARALLEL_LEVEL="$jobs" /mptcp/mptcp "${arguments[@]}" \
        >"$log.test" 2>&1 </dev/null || status=$?
    warnings=$(grep -cE 'warning: ' "$log.test" || true)
    if [ -x "$folder/mptcp/build/release/test/mptcp-test-runner" ] &&
        ! grep -q '^mptcp: building failed' "$log.test"; then
        built=yes
        tests=$(tail -n 1 "$log.test")
        [ -z "$build_only" ] || tests="not run"
    fi
    [ $status -eq 0 ] || {
        failed=$((failed + 1))
        { grep -m 20 -E 'error:|Error|^FAIL |^mptcp: ' "$log.test" || true; } | sed 's/^/    /'
        echo "    (all of it: $log.test; took $((SECONDS - begin)) s)"
    }
    row="| $release | $ns3 | g++ $compiler | $built | $tests | $warnings |"
}

verb_matrix()
{
    local cache=${XDG_CACHE_HOME:-~/.cache}/ns3-mptcp jobs build_only= releases=() release row
    local logs=$root/results/matrix failed=0 known_minor
    jobs=$(nproc)
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                matrix_usage
                return
                ;;
            --cache | --jobs)
                [ $# -gt 1 ] || die "matrix: $1 wants a value"
                set -- "$1=$2" "${@:3}"
                continue
                ;;
            --cache=) die "matrix: --cache wants a value" ;;
            --cache=*) cache=${1#*=} ;;
            --jobs=*)
                jobs=${1#*=}
                [[ $jobs =~ ^[1-9][0-9]{0,2}$ ]] ||
                    die "matrix: --jobs $jobs: not a number from 1 to 999"
                ;;
            --build) build_only=yes ;;
            -*) die "matrix: unknown option $1; accepted: --cache, --jobs, --build, --help" ;;
            *)
                [[ $1 =~ ^[a-z]+$ ]] || die "matrix: $1 is no release of Debian, as bookworm is"
                releases+=("$1")
                ;;
        esac
        shift
    done
    [ ${#releases[@]} -gt 0 ] || releases=(bookworm trixie sid)
    command -v apt-get >/dev/null || die "matrix: needs Debian's apt-get and debootstrap"
    [ "$(id -u)" -eq 0 ] || die "matrix: needs root, for debootstrap and chroot: sudo $root/mptcp matrix"
    need debootstrap util-linux
    known_minor=$(sed -n 's/.*(MPTCP_NS3_MINOR GREATER \([0-9]*\)).*/\1/p' \
        "$root/cmake/MptcpDependencies.cmake")
    mkdir -p "$cache" "$logs" || fail "matrix: no permission to write to $cache or $logs"
    cache=$(realpath "$cache")
    {
        echo "| Debian | ns-3 | compiler | builds | tests | warnings |"
        echo "| --- | --- | --- | --- | --- | --- |"
    } >"$logs/table.md"
    for release in "${releases[@]}"; do
        try_release
        echo "$row" >>"$logs/table.md"
    done
    cat "$logs/table.md"
    echo "$((${#releases[@]} - failed)) passed, $failed failed"
    [ "$failed" -eq 0 ]
}
