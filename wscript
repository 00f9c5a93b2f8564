# SPDX-License-Identifier: GPL-2.0-only
# For trees that are built by waf (3.35 and older).


def build(bld):
    module = bld.create_ns3_module(
        "mptcp",
        ["core", "network", "internet", "point-to-point", "applications", "stats", "csma",
         "traffic-control", "flow-monitor"],
    )
    module.source = sorted(
        node.path_from(bld.path) for node in bld.path.ant_glob("model/*/*.cc helper/*.cc")
    )
    module.lib = ["nettle", "boost_context", "dl"]
    # Those trees ask for an older C++; of two options the compiler takes the last.
    module.env.append_value("CXXFLAGS", "-std=c++17")

    minor = bld.srcnode.find_node("VERSION").read().strip().split(".")[1]
    bld(
        features="subst",
        source="cmake/mptcp-config.h.in",
        target="mptcp-config.h",
        MPTCP_NS3_MINOR=minor,
        MPTCP_VERSION=bld.path.find_node("VERSION").read().strip(),
    )

    headers = bld(features="ns3header")
    headers.module = "mptcp"
    headers.source = ["mptcp-config.h"] + sorted(
        node.path_from(bld.path) for node in bld.path.ant_glob("model/*/*.h helper/*.h")
    )

    tests = bld.create_ns3_module_test_library("mptcp")
    tests.source = sorted(
        node.path_from(bld.path)
        for node in bld.path.ant_glob(
            "test/**/*-test-suite.cc test/util/*.cc test/api/*.c test/script/*.cc test/script/*.c "
            "test/fuzz/*.cc",
            # Programs for nodes, which tests in test/posix run, are built by CMake only.
            excl="test/**/*-main.cc test/posix/*",
        )
    )
    tests.includes = "test/util test/api test/script test/fuzz"
    test = bld.path.find_node("test")
    if test:
        tests.defines = [
            'MPTCP_TEST_%s="%s/%s"' % (name, test.abspath(), folder)
            for name, folder in (
                ("VECTORS", "vectors"),
                ("SCRIPTS", "script"),
                ("CORPUS", "fuzz/corpus"),
            )
        ]
    tests.env.append_value("CXXFLAGS", "-std=c++17")

    if bld.env.ENABLE_EXAMPLES:
        for source in bld.path.ant_glob("examples/*.cc"):
            program = bld.create_ns3_program(source.name[: -len(".cc")], ["mptcp"])
            program.source = source.path_from(bld.path)
            program.env.append_value("CXXFLAGS", "-std=c++17")
