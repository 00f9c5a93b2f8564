#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tables of requirements in doc/ name files, suites, cases, rows of interop and scripts that
# exist, and what stands in model/; tests of a row of doc/tcp.md carry the number of its RFC.
set -euo pipefail
python3 - "$MPTCP_SOURCE" <<'END'
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])


def read(folder, pattern):
    """Texts of files by path, C++ strings of several pieces made one."""
    return {path: re.sub(r'(?<!\\)"\s*"', "", path.read_text(encoding="utf-8"))
            for path in sorted((root / folder).rglob(pattern))}


model = {**read("model", "*.h"), **read("model", "*.cc")}
tests = {**read("test", "*.cc"), **read("test", "*.h")}
scripts = {path.stem: text for path, text in read("test/script", "*.pkt").items()}
code = "".join(model.values())
names = {path.name for path in [*model, *tests]}
suites, groups = {}, {}
for path, text in tests.items():
    for name in re.findall(r'TestSuite\("([^"]+)"', text):
        suites[name] = text
    for name in re.findall(r"^TEST(?:_F|_P)?\((\w+),", text, re.M):
        groups[name] = groups.get(name, "") + text
# This suite stands in several files.
suites["mptcp-checklist"] = "".join(text for path, text in tests.items()
                                    if path.name.startswith("mptcp-checklist-"))
rows_of_interop = subprocess.run([sys.executable, "-B", root / "interop/run", "--list"],
                                 check=True, capture_output=True, text=True).stdout.splitlines()
missing = []


def expect(found, where, what):
    if not found:
        missing.append("%s: %s" % (where, what))


def find_scripts(words):
    """Scripts by names as tables have them: whole, beginnings ("x-..."), ends ("-x")."""
    for word in re.split(r", ", words):
        begin = word[:-3] if word.endswith("...") else None
        yield word, [text for name, text in scripts.items()
                     if name == word or (begin and name.startswith(begin))
                     or (word.startswith("-") and name.endswith(word))]


def find_titles(text):
    """The string literals of a suite, without what its assertions say: titles of cases, or pieces
    from which they are made."""
    literals = []

    def keep(token):
        if not token[0].startswith('"'):
            return " "
        literals.append(token[0][1:-1])
        return '"%d"' % (len(literals) - 1)

    text = re.sub(r"^#.*", "", text, flags=re.M)
    text = re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'', keep, text,
                  flags=re.S)
    text = re.sub(r"\b(?:NS_TEST_\w+|Expect\w*)\([^;]*;", "", text)
    return ["".join(literals[int(number)] for number in re.findall(r"\d+", title))
            for title in re.findall(r'"\d+"(?:\s*\+?\s*"\d+")*', text)]


def is_named(phrase, titles):
    """Whether a phrase of a table, "..." for what it leaves out, is of these titles. One word is
    too little to tell one from another."""
    pieces = [piece.strip() for piece in phrase.split("...") if piece.strip()]
    return len(" ".join(pieces).split()) > 1 and all(
        any(re.search(r"(?<!\w)%s(?!\w)" % re.escape(piece), title) for title in titles)
        for piece in pieces)


def check_names(where, text):
    """Whatever stands in backticks."""
    for word in [word for quoted in re.findall(r"`([^`]+)`", text)
                 for word in re.split(r", ", quoted)]:
        path = re.fullmatch(r"([\w./*-]+)\.(?:cc|h|md)", word)
        if path and "/" in word:
            expect(list(root.glob(word)), where, word)
        elif path:
            expect(any(pathlib.PurePath(name).match(word) for name in names), where, word)
        elif word.endswith("/"):
            expect((root / word).is_dir(), where, word)
        elif re.fullmatch(r"mptcp-[a-z0-9-]+", word):
            expect(word in suites, where, "suite " + word)
        elif word in ("fidelity", "fq"):
            pass  # a verb; the kernel's
        else:
            name = re.match(r"(?:ns3::)?(\w+)(?:\(\)|=\w+)?$", word)
            expect(name and re.search(r"\b%s\b" % name.group(1), code) or word in groups, where,
                   word)


def check_cases(where, cell, prefixes):
    """A cell "suite: case, case; script: name; ..."."""
    for part in re.split(r"; ", re.sub(r" \([^)]*\)", "", cell)):
        kind, _, rest = part.partition(": ")
        kind = prefixes.get(kind, kind)
        if kind == "script":
            for word, found in find_scripts(rest):
                expect(found, where, "script " + word)
        elif kind == "fuzz":
            expect((root / ("test/fuzz/%s-target.cc" % rest)).exists(), where, part)
        elif kind == "interop" and rest:
            for phrase in rest.split(", "):
                expect(is_named(phrase, rows_of_interop), where, "row of interop: " + phrase)
        elif rest:
            titles = find_titles(suites.get(kind, ""))
            for phrase in rest.split(", "):
                expect(is_named(phrase, titles), where, "case of " + kind + ": " + phrase)
        elif part:
            for word in part.split(", "):
                expect(word in suites or word in ("gtest", "all suites", "interop")
                       or re.fullmatch(r"(?:gtest )?`.+`", word), where, "suite " + word)


def check_rfc_numbers(where, rfcs, cell):
    """The tests that a row of doc/tcp.md names have its RFC's number."""
    text = "".join(suites.get(word, "") + groups.get(word, "")
                   for word in re.findall(r"`([^`]+)`", cell))
    for words in re.findall(r"scripts? ([\w.-]+)", cell):
        text += "".join("".join(found) for _, found in find_scripts(words))
    for rfc in rfcs:
        expect("RFC " + rfc in text, where, "no case of RFC " + rfc)


def check_done(where, implemented, tested):
    """What is done is tested; a row of what is not has neither file nor test."""
    expect(bool(implemented) == bool(tested), where, "either a file or a test is missing")


# What names no case: one word, code, what an assertion says.
for suite, phrase in (("mptcp-mapping", "the"), ("mptcp-handshake", "const Step"),
                      ("mptcp-handshake", "the client is told")):
    assert phrase in suites[suite] and not is_named(phrase, find_titles(suites[suite])), phrase

rows = 0
for document, prefixes in (("rfc8684.md", {}), ("rfc6824.md", {"version-0": "mptcp-version-0"}),
                           ("tcp.md", {})):
    lines = (root / "doc" / document).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line[1:-1].split("|")]
        if not line.startswith("|") or set(line) <= set("|- ") or len(cells) < 4:
            continue
        rows += 1
        where = "doc/%s:%d" % (document, number)
        check_names(where, line)
        if document == "tcp.md":
            check_done(where, cells[2], cells[3])
            if cells[3]:
                check_rfc_numbers(where, re.findall(r"\b\d{4}\b", cells[0]), cells[3])
        elif not cells[-1].startswith("tested by"):
            check_done(where, cells[-2], cells[-1])
            check_cases(where, cells[-1], prefixes)
expect(rows > 100, "doc", "%d rows" % rows)
if missing:
    sys.exit("\n".join(missing))
END
