# SPDX-License-Identifier: GPL-2.0-only
# The verb `tree` of ./mptcp: the module as contrib/mptcp of an ns-3 source tree. Read by ./mptcp;
# needs $root and setup.sh.

tree_usage()
{
    cat <<'END'
Usage: ./mptcp tree [options] PATH
       ./mptcp tree [options] --debian-source FOLDER

Puts the module into an ns-3 source tree as contrib/mptcp, then configures and builds the tree with
the module and what it needs, runs its tests and the handover there, and prints a line for each
step. PATH is the folder that holds `ns3`.

  --debian-source FOLDER  fetch the source of Debian's ns-3 into FOLDER, and use that; the mirrors
                          are those of this machine's apt
  --copy                  copy the module instead of linking to this checkout; neither is done where
                          this checkout is contrib/mptcp itself
  --modules LIST          build these modules of the tree too, with commas; with wifi,lte the module
                          has accesses over radios
  --quick                 only the suite mptcp, not all of the module's
  --jobs N                so many compilers at a time (default: one per processor)

What each step printed is kept in results/tree.
END
}

# step NAME COMMAND...: run it in the tree, with its output in a log, and print a line.
step()
{
    local name=$1 status=0 begin=$SECONDS
    shift
    tree_log=$logs/${name// /-}.log
    (cd "$tree" && "$@") >"$tree_log" 2>&1 </dev/null || status=$?
    if [ $status -eq 0 ]; then
        printf 'pass  %-36s %5d s\n' "$name" $((SECONDS - begin))
        passed=$((passed + 1))
        return
    fi
    printf 'FAIL  %-36s %5d s; its output:\n' "$name" $((SECONDS - begin))
    { grep -m 20 -E 'error|Error|FAIL|CRASH' "$tree_log" || true; } | sed 's/^/    /'
    tail -n 20 "$tree_log" | sed 's/^/    /'
    echo "    (all of it: $tree_log)"
    failed=$((failed + 1))
    return 1
}

# debian_source FOLDER: `apt-get source ns3` there, from deb-src lines of apt's own sources; sets
# $tree.
debian_source()
{
    local folder=$1 apt
    command -v apt-get >/dev/null || fail "tree: --debian-source needs Debian's apt-get"
    need dpkg-dev
    mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/apt/parts"
    folder=$(realpath "$folder")
    apt=$folder/apt
    apt-get indextargets \
        --format '$(CREATED_BY)|deb-src $(REPO_URI) $(CODENAME) $(COMPONENT)|$(ORIGIN)' |
        sed -n 's/^Packages|\(.*\)|Debian$/\1/p' | sort -u >"$apt/sources.list"
    [ -s "$apt/sources.list" ] || fail "tree: apt knows no mirror of Debian (apt-get update?)"
    cat >"$apt/apt.conf" <<END
Dir::State::lists "$apt/lists";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "$apt/parts";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
END
    echo "Fetching the source of ns-3"
    (
        cd "$folder"
        export APT_CONFIG=$apt/apt.conf
        apt-get -q update && apt-get -q source ns3
    ) >"$apt/log" 2>&1 || {
        tail -n 20 "$apt/log" >&2
        fail "tree: apt-get source ns3 failed"
    }
    tree=$(find "$folder" -mindepth 2 -maxdepth 4 -name test.py -path '*/ns*/*' -printf '%h\n' |
        sort | tail -n 1)
    [ -n "$tree" ] || fail "tree: there is no test.py below $folder"
}

# put_module: contrib/mptcp becomes this module.
put_module()
{
    local target=$tree/contrib/mptcp
    # A clone or a submodule that is there already is used as it is; it may be this one.
    [ "$(realpath -m "$target")" != "$root" ] || [ -L "$target" ] || return 0
    [ ! -e "$target/.git" ] || [ -L "$target" ] ||
        die "tree: $target is a clone: call its own ./mptcp, or move it away"
    if [ -e "$target" ] && [ ! -L "$target" ] && [ ! -f "$target/cmake/MptcpPackage.cmake" ]; then
        die "tree: $target is there already, and is not this module"
    fi
    mkdir -p "$tree/contrib"
    if [ -n "$copy" ]; then
        rm -rf "$target"
        mkdir "$target"
        tar -C "$root" -c --exclude=./build --exclude=./results --exclude=./.git . |
            tar -C "$target" -x
    elif [ -L "$target" ] || [ ! -e "$target" ]; then
        ln -sfn "$root" "$target"
    else
        die "tree: $target is a copy; --copy renews it"
    fi
}

# judge_suites: whether the last step's log of test.py speaks of passed suites, and of no other.
judge_suites()
{
    local told good bad
    # Some releases print in colours.
    told=$(sed 's/\x1b\[[0-9;]*m//g' "$1")
    good=$(grep -cE '(^|\[[0-9/]+\] )PASS: TestSuite' <<<"$told" || true)
    bad=$(grep -cE '(^|\[[0-9/]+\] )(FAIL|CRASH|SKIP)[A-Z]*: TestSuite' <<<"$told" || true)
    echo "      $good suites passed, $bad did not"
    [ "$good" -gt 0 ] && [ "$bad" -eq 0 ]
}

verb_tree()
{
    local tree= source= copy= modules=mptcp quick= jobs release logs tree_log passed=0 failed=0
    local suites=mptcp warnings
    jobs=$(nproc)
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                tree_usage
                return
                ;;
            --debian-source | --modules | --jobs)
                [ $# -gt 1 ] || die "tree: $1 wants a value"
                set -- "$1=$2" "${@:3}"
                continue
                ;;
            --debian-source= | --modules=) die "tree: ${1%=} wants a value" ;;
            --debian-source=*) source=${1#*=} ;;
            --modules=*) modules="mptcp;${1#*=}" ;;
            --jobs=*)
                jobs=${1#*=}
                [[ $jobs =~ ^[1-9][0-9]{0,2}$ ]] || die "tree: --jobs $jobs: not a number from 1 to 999"
                ;;
            --copy) copy=yes ;;
            --quick) quick=yes ;;
            -*)
                die "tree: unknown option $1; accepted:" \
                    "--debian-source, --copy, --modules, --quick, --jobs, --help"
                ;;
            *)
                [ -z "$tree" ] || die "tree: one PATH only: $tree, or $1?"
                tree=$1
                ;;
        esac
        shift
    done
    if [ -n "$source" ]; then
        [ -z "$tree" ] || die "tree: either PATH or --debian-source"
        debian_source "$source"
    fi
    [ -n "$tree" ] || die "tree: PATH of an ns-3 source tree is missing; ./mptcp tree --help tells more"
    [ -d "$tree/src/core" ] && [ -f "$tree/VERSION" ] ||
        die "tree: $tree is no ns-3 source tree (no src/core and VERSION)"
    tree=$(realpath "$tree")
    [[ $tree/ != "$root"/* ]] || die "tree: $tree lies in the module itself, $root"
    release=$(cat "$tree/VERSION")
    [ -f "$tree/ns3" ] || [ ! -f "$tree/waf" ] ||
        die "tree: ns-3.$(cut -d. -f2 "$tree/VERSION") is built by waf: 3.35 and older cannot compile" \
            "the module, doc/releases.md says why; 3.37 and later can"
    [ -f "$tree/ns3" ] || die "tree: $tree has no ./ns3"
    need g++ cmake ninja-build ccache python3 nettle-dev libboost-dev libboost-context-dev
    put_module
    logs=$root/results/tree
    rm -rf "$logs"
    mkdir -p "$logs" 2>/dev/null || fail "no permission to write to $logs: use a clone of your own"
    [ -n "$quick" ] || suites='mptcp*'
    if [ -d /usr/include/ns3 ]; then
        echo "mptcp: an ns-3 is installed too (libns3-dev); its headers can be taken for the tree's" >&2
    fi
    echo "ns-3 $release in $tree"
    # ns-3's scripts refuse by the name of root, which is the only user of many containers.
    [ "$(id -u)" -ne 0 ] || export USER=builder
    # Other modules' tests and examples say nothing about this one.
    step configure ./ns3 configure -G Ninja "--enable-modules=${modules//,/;}" --enable-tests \
        --enable-examples "--filter-module-examples-and-tests=mptcp" &&
        # `./ns3 build -j` uses one processor in some releases.
        step build cmake --build cmake-cache -j "$jobs" -- -k 0 &&
        {
            warnings=$(grep -cE 'contrib/mptcp/.*warning:' "$logs/build.log" || true)
            echo "      $warnings warnings in the module"
            if step "test.py -s $suites" ./test.py --no-build -s "$suites"; then
                judge_suites "$tree_log" || failed=$((failed + 1))
            else
                judge_suites "$tree_log" || true
            fi
            step "run mptcp-handover" ./ns3 run --no-build \
                "mptcp-handover --output=$logs/handover" || true
        } || true
    echo "$passed passed, $failed failed (ns-3 $release, contrib/mptcp)"
    [ "$failed" -eq 0 ]
}
