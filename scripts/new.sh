# SPDX-License-Identifier: GPL-2.0-only
# The verb `new` of ./mptcp: an experiment of one's own, from scripts/new. Read by ./mptcp; needs
# $root and setup.sh.

new_usage()
{
    cat <<'END'
Usage: ./mptcp new NAME

Writes a small experiment of your own into the new folder NAME, which is outside of the module: two
nodes, two links, one connection; packets, goodput, congestion windows and a picture. NAME/run
builds and runs it.
END
}

verb_new()
{
    local folder= name file told package text target
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                new_usage
                return
                ;;
            -*) die "new: unknown option $1; accepted: --help, or the name of a folder" ;;
            *)
                [ -z "$folder" ] || die "new: one NAME only: $folder, or $1?"
                folder=${1%/}
                ;;
        esac
        shift
    done
    [ -n "$folder" ] || die "new: the name of a folder is missing; ./mptcp new --help tells more"
    name=$(basename "$folder")
    [[ $name =~ ^[A-Za-z][A-Za-z0-9_-]*$ ]] ||
        die "new: $name: a name is made of letters, digits, - and _, and begins with a letter"
    # CMake keeps some names for itself.
    case ${name,,} in
        all | clean | install | preinstall | test | package | mptcp | help | edit_cache | rebuild_cache | all_build | \
            zero_check) die "new: $name is taken, choose another" ;;
    esac
    [ ! -e "$folder" ] || die "new: $folder is there already"
    case $(realpath -m "$folder")/ in
        "$root"/*) die "new: $folder is inside the module: go elsewhere, and call $root/mptcp new" ;;
    esac
    need $packages_for_build $packages_for_handover
    configure release
    compile mptcp
    told=$(mkdir -p "$folder" 2>&1) || fail "new: $folder cannot be made: ${told##*: }"
    # In quotes for sh.
    package="'$(sed "s/'/'\\\\''/g" <<<"$build/package")'"
    for file in CMakeLists.txt run program.cc plot.gp; do
        case $file in
            program.cc) target=$name.cc ;;
            plot.gp) target=$name.gp ;;
            *) target=$file ;;
        esac
        text=$(sed "s/\bNAME\b/$name/g" "$root/scripts/new/$file")
        { printf '%s\n' "${text/=PACKAGE/="$package"}" >"$folder/$target"; } 2>/dev/null || {
            rm -rf "$folder"
            fail "new: $folder cannot be written to: is there room?"
        }
    done
    chmod +x "$folder/run"
    echo "$folder/$name.cc is yours to change. This builds and runs it, and draws $name.png:"
    echo
    echo "    $folder/run"
    echo "    $folder/run --rate2=20Mbps"
}
