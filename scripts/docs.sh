# SPDX-License-Identifier: GPL-2.0-only
# The verb `docs` of ./mptcp: the manual and the API's documentation as HTML. Read by ./mptcp; needs
# $root and setup.sh.

docs_usage()
{
    cat <<'END'
Usage: ./mptcp docs

Makes the manual (Sphinx) and the documentation of the API (Doxygen) below build/docs:

  html/index.html   the manual: tutorial, chapters, tables of attributes and trace sources
  api/index.html    classes and functions

Ends with 1 if either has a warning, an attribute or a trace source has no help, or a public member
of a class no meaning.
END
}

verb_docs()
{
    local output=$root/build/docs failed=0
    if [ $# -gt 0 ]; then
        case $1 in
            -h | --help)
                docs_usage
                return
                ;;
            *) die "docs: unknown argument $1; accepted: --help" ;;
        esac
    fi
    need $packages_for_build $packages_for_docs
    want sphinx-build doxygen
    configure release
    compile mptcp-types
    rm -rf "$output" && mkdir -p "$output/source/tables" 2>/dev/null || fail "docs: $output cannot be written to"
    cp -r "$root"/doc/*.md "$root/doc/conf.py" "$root/doc/figures" "$output/source"
    "$build/docs/mptcp-types" "$output/source/tables" || fail "docs: help is missing"
    MPTCP_VERSION=$(cat "$root/VERSION") sphinx-build -q -W --keep-going -d "$output/doctrees" \
        "$output/source" "$output/html" || failed=1
    (
        cd "$root"
        { cat doc/Doxyfile; echo "OUTPUT_DIRECTORY = \"$output\""; echo "HTML_OUTPUT = api"; } |
            doxygen - 2>&1 | run_python scripts/docs/undocumented.py
    ) || failed=1
    [ $failed -eq 0 ] || fail "docs: there are warnings"
    output=$(realpath -s --relative-base="$PWD" -- "$output")
    echo "The manual: $output/html/index.html"
    echo "The API: $output/api/index.html"
}
