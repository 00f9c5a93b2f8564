#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# In an ns-3 source tree CMake and waf are given the same files, and none of the module's is
# missing. (./mptcp tree PATH builds in a real one.)
set -euo pipefail
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
cmake -S "$MPTCP_SOURCE/test/tree" -B "$output" >"$output/log" 2>&1 || { cat "$output/log"; exit 1; }
python3 - "$MPTCP_SOURCE" "$output/lists" <<'END'
import pathlib
import sys

root, lists = map(pathlib.Path, sys.argv[1:])


class Node:
    """What the wscript asks of waf's nodes."""

    def __init__(self, path):
        self.path, self.name = path, path.name

    def ant_glob(self, patterns, excl=""):
        def found(patterns):
            return {path for pattern in patterns.split() for path in self.path.glob(pattern)}
        return [Node(path) for path in found(patterns) - found(excl)]

    def path_from(self, other):
        return str(self.path.relative_to(other.path))

    def find_node(self, name):
        return Node(self.path / name) if (self.path / name).exists() else None

    def abspath(self):
        return str(self.path)

    def read(self):
        return "3.35" if self.path.parent == lists else self.path.read_text(encoding="utf-8")


class Env:
    ENABLE_EXAMPLES = True

    def append_value(self, name, value):
        assert (name, value) == ("CXXFLAGS", "-std=c++17"), (name, value)


class Target:
    def __init__(self, **settings):
        self.env, self.source = Env(), []
        self.__dict__.update(settings)


class Build:
    env = Env()
    path = Node(root)
    srcnode = Node(lists)

    def __init__(self):
        self.programs, self.targets = [], []

    def __call__(self, **settings):
        self.targets.append(Target(**settings))
        return self.targets[-1]

    def create_ns3_module(self, name, dependencies):
        self.module, self.dependencies = Target(name=name), dependencies
        return self.module

    def create_ns3_module_test_library(self, name):
        self.tests = Target(name=name)
        return self.tests

    def create_ns3_program(self, name, dependencies):
        self.programs.append(Target(name=name))
        return self.programs[-1]


(lists / "VERSION").write_text("3.35")
wscript = {}
exec(compile((root / "wscript").read_text(encoding="utf-8"), "wscript", "exec"), wscript)
build = Build()
wscript["build"](build)
headers, = [target for target in build.targets if target.features == "ns3header"]
config, = [target for target in build.targets if target.features == "subst"]
wrong = []


def read(name):
    return set((lists / name).read_text().split())


def same(what, cmake, waf):
    if not cmake:
        wrong.append("%s: CMake has none" % what)
    for text in sorted(cmake ^ waf):
        wrong.append("%s: %s is only in %s" % (what, text, "CMake" if text in cmake else "waf"))


same("sources", read("mptcp.sources"), set(build.module.source))
same("headers", read("mptcp.headers"), set(headers.source) - {"mptcp-config.h"})
same("tests", read("mptcp.tests"), set(build.tests.source))
same("examples", read("examples"), {program.name for program in build.programs})
same("modules", {name[3:] for name in read("mptcp.libraries") if name.startswith("lib")},
     set(build.dependencies))
same("other libraries",
     {pathlib.Path(name).name.split(".")[0] for name in read("mptcp.libraries")
      if not name.startswith("lib")},
     {name if name == "dl" else "lib" + name for name in build.module.lib})

# And neither forgets a file.
for folder, suffix, known in (("model", ".cc", build.module.source), ("model", ".h", headers.source),
                              ("helper", ".cc", build.module.source), ("helper", ".h", headers.source),
                              ("test", "-test-suite.cc", build.tests.source)):
    for path in (root / folder).rglob("*" + suffix):
        if str(path.relative_to(root)) not in known:
            wrong.append("%s is in no list" % path.relative_to(root))
if config.MPTCP_NS3_MINOR != "35" or config.MPTCP_VERSION != (root / "VERSION").read_text().strip():
    wrong.append("mptcp-config.h: %s of ns-3.%s" % (config.MPTCP_VERSION, config.MPTCP_NS3_MINOR))
if wrong:
    sys.exit("\n".join(wrong))
print("%d sources, %d headers, %d files of tests, %d examples"
      % (len(build.module.source), len(headers.source), len(build.tests.source), len(build.programs)))
END
