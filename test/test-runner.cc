// SPDX-License-Identifier: GPL-2.0-only
// The ns-3 test suites as a program of their own: a tree's test.py knows only the tree's modules.
#include "ns3/test.h"

int
main(int argc, char* argv[])
{
    return ns3::TestRunner::Run(argc, argv);
}
